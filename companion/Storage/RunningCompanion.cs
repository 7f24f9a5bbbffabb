using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Soundings.Storage;

/// <summary>
/// What a running companion leaves in <c>run/companion.json</c> for the verbs, which only the folder's owner can read:
/// where it listens and a token of scope cli that lives as long as it does.
/// </summary>
internal sealed record RunningCompanion(int Port, string ServerId, int Pid, string Token)
{
    [JsonIgnore]
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public void Write(DataFolder folder) =>
        DataFolder.WriteFile(folder.CompanionFile, JsonSerializer.SerializeToUtf8Bytes(this, StorageJson.Default.RunningCompanion));

    /// <summary>Null where no companion has left one, or not a whole one.</summary>
    public static RunningCompanion? Read(DataFolder folder)
    {
        try
        {
            RunningCompanion? left = JsonSerializer.Deserialize(File.ReadAllBytes(folder.CompanionFile), StorageJson.Default.RunningCompanion);
            return left is { Port: > 0 and <= 65535, ServerId: { } server, Token: { } token } && server.All(char.IsAsciiLetterOrDigit)
                && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? left : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public static void Remove(DataFolder folder) => File.Delete(folder.CompanionFile);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(RunningCompanion))]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(RestoreReady))]
[JsonSerializable(typeof(Recovered))]
internal sealed partial class StorageJson : JsonSerializerContext;
