using Soundings.Depth;
using Soundings.Storage;
using Soundings.Training;

namespace Soundings.Cli;

/// <summary>The companion's parts without its server, for a verb on a folder that no companion is using.</summary>
internal sealed class OfflineCompanion : IAsyncDisposable
{
    private readonly Vault _vault;
    private readonly WebApplication _app;

    public OfflineCompanion(DataFolder folder)
    {
        _vault = Vault.Open(folder);
        try
        {
            ActiveModel model = new(ModelCatalogue.Open(folder).LoadServing(out string? fault)) { Fault = fault };
            if (fault is not null) Console.Error.WriteLine(fault);
            _app = Program.Compose(0, _vault, model);
        }
        catch
        {
            _vault.Dispose();
            throw;
        }
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _vault.Dispose();
    }
}
