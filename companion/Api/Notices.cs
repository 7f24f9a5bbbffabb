namespace Soundings.Api;

/// <summary>What the companion tells the person at its terminal while it serves.</summary>
internal class Notices
{
    public virtual void Say(string notice) => Console.WriteLine(notice);
}

/// <summary>Work that no caller waits for, whose failure is still said.</summary>
internal sealed class Background(ILogger<Background> log)
{
    public void Start(string what, Task work) => work.ContinueWith(
        failed => log.LogWarning("Could not {Work}: {Fault}", what, failed.Exception?.GetBaseException().GetType().Name),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
