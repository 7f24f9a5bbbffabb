using System.Globalization;

namespace Soundings.Api;

/// <summary>Warnings and errors, one line each, on stderr: stdout belongs to what a verb prints, and nobody's text is ever logged.</summary>
internal sealed class StderrLog : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines(categoryName);

    public void Dispose()
    {
    }

    private sealed class Lines(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // That the server could not start is said by the verb, in a sentence with the next step.
            if (!IsEnabled(logLevel) || eventId.Name == "HostedServiceStartupFaulted") return;
            string fault = exception is null ? "" : $" ({exception.GetType().Name})";
            string line = (formatter(state, null) + fault).ReplaceLineEndings(" | ");
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {logLevel} {category}: {line}"));
        }
    }
}
