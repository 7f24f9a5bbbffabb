using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Soundings.Depth;
using Soundings.Reading.Exports;

namespace Soundings.Api;

/// <summary>
/// Gate G9: JSON as strict as it goes. No unknown, missing, doubled or null member where none may be, no number in quotes, valid UTF-8,
/// at most 32 levels. Bad form is 400; a well-formed value outside its range is 422.
/// </summary>
internal static class WireJson
{
    public static readonly WireContext Context = new(Options());

    private static JsonSerializerOptions Options()
    {
        JsonSerializerOptions options = new(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            MaxDepth = 32,
        };
        options.Converters.Add(new StrictEnumConverter<Kind>());
        options.Converters.Add(new StrictEnumConverter<Verdict>());
        return options;
    }

    /// <summary>The body as <typeparamref name="T"/>, or null after the problem was sent.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } value) return value;
            await Reply.ProblemAsync(http, ProblemTypes.BadJson, "The body is null.");
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            // Kestrel's reader throws it bare, without a status, for a chunk whose announced length fits no number.
            await Reply.ProblemAsync(http, ProblemTypes.BadRequest);
        }
        catch (InvalidValueException error)
        {
            await Reply.ProblemAsync(http, ProblemTypes.Invalid, error.Message);
        }
        catch (JsonException error)
        {
            // Line and byte help whoever writes a client. The exception's own message names types of ours, the path may hold the client's text.
            string where = error is { LineNumber: { } line, BytePositionInLine: { } column } ? $"Look at line {line + 1}, byte {column + 1}." : "";
            await Reply.ProblemAsync(http, ProblemTypes.BadJson, where);
        }
        return null;
    }
}

/// <summary>A well-formed value that is not one of those it may be.</summary>
internal sealed class InvalidValueException(string message) : JsonException(message);

/// <summary>An enum by its exact name only: the framework's converter also takes numbers and any letter case.</summary>
internal sealed class StrictEnumConverter<T> : JsonConverter<T> where T : struct, Enum
{
    private readonly Dictionary<string, T> _byName =
        Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        return _byName.TryGetValue(reader.GetString()!, out T value)
            ? value
            : throw new InvalidValueException($"One of {string.Join(", ", _byName.Keys)} was expected.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
}

/// <summary>Every type that goes over the wire, with its (de)serialiser made at compile time: nothing to reflect on at start.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HelloReply))]
[JsonSerializable(typeof(ScoreRequest))]
[JsonSerializable(typeof(ScoreReply))]
[JsonSerializable(typeof(DraftReply))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(IReadOnlyList<Item>))]
[JsonSerializable(typeof(LabelsRequest))]
[JsonSerializable(typeof(LabelsReply))]
[JsonSerializable(typeof(ImportLabelsRequest))]
[JsonSerializable(typeof(QueueReply))]
[JsonSerializable(typeof(ModelsReply))]
[JsonSerializable(typeof(TrainingRequest))]
[JsonSerializable(typeof(Soundings.Training.TrainingView))]
[JsonSerializable(typeof(TrainingCancelReply))]
[JsonSerializable(typeof(Soundings.Training.LearningView))]
[JsonSerializable(typeof(ExemptRequest))]
[JsonSerializable(typeof(ExemptReply))]
[JsonSerializable(typeof(ForgetRequest))]
[JsonSerializable(typeof(Reaction))]
[JsonSerializable(typeof(ForgetReply))]
[JsonSerializable(typeof(ItemsReply))]
[JsonSerializable(typeof(PeopleReply))]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(SightRequest))]
[JsonSerializable(typeof(SightReply))]
[JsonSerializable(typeof(RulesReply))]
[JsonSerializable(typeof(ReactionsRequest))]
[JsonSerializable(typeof(ReactionsReply))]
[JsonSerializable(typeof(ImportLocalRequest))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ImportStateReply))]
[JsonSerializable(typeof(ImportCancelReply))]
[JsonSerializable(typeof(BackupRequest))]
[JsonSerializable(typeof(BackupReply))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(PairRequest))]
[JsonSerializable(typeof(PairReply))]
[JsonSerializable(typeof(PairWish))]
[JsonSerializable(typeof(PairWishReply))]
[JsonSerializable(typeof(TicketReply))]
[JsonSerializable(typeof(ClientsReply))]
[JsonSerializable(typeof(RemovedReply))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(DashTicketReply))]
[JsonSerializable(typeof(DashSessionRequest))]
[JsonSerializable(typeof(DashSessionReply))]
internal sealed partial class WireContext : JsonSerializerContext;
