using System.Text.Json;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns Facebook's JSON files, old and new: comments (<c>comments_v2</c>, in groups <c>group_comments_v2</c>, before 2020 <c>comments</c>), posts
/// (a list without a name, in groups <c>group_posts_v2</c>) and reactions (<c>reactions_v2</c> or a list; since 2024 as <c>label_values</c>). What a
/// record is, its own fields tell, not the file's name, which changes with the years and with the language.
/// <para>Facebook gives its records no ids (reactions since 2024 excepted), so their keys are made of time and text. Times are seconds in UTC.</para>
/// </summary>
internal static class FacebookJson
{
    public static IEnumerable<ExportRecord> Read(Stream stream, string file)
    {
        foreach (JsonRecord record in new JsonRecords(stream, file).Read())
        {
            foreach (ExportRecord result in Sound(record, file)) yield return result;
        }
    }

    private static List<ExportRecord> Sound(JsonRecord record, string file)
    {
        try
        {
            return Of(record);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no text, and no sign that the rest can be trusted.
            throw new ImportRefused(file, record.Line, "a text in the record that begins here is not valid Unicode.");
        }
    }

    /// <summary>Usually one; a record whose <c>data</c> holds several comments is as many.</summary>
    private static List<ExportRecord> Of(JsonRecord record)
    {
        if (record.Value.ValueKind != JsonValueKind.Object) return [ExportRecord.Skip(record.Line, LeftOut.UnknownShape)];
        if (record.Value.TryGetProperty("label_values", out JsonElement labels)) return [Labelled(record, labels)];
        List<ExportRecord> results = [];
        string? post = null;
        bool known = record.Value.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Array;
        if (known)
        {
            foreach (JsonElement part in data.EnumerateArray())
            {
                if (part.ValueKind != JsonValueKind.Object) continue;
                if (Part(part, "comment") is { ValueKind: JsonValueKind.Object } comment) results.Add(Comment(record, comment));
                else if (Part(part, "reaction") is { ValueKind: JsonValueKind.Object } reaction) results.Add(Reacted(record, reaction));
                else if (Text(part, "post") is { Length: > 0 } text) post = post is null ? text : post + "\n" + text;
            }
        }
        post ??= results.Count == 0 ? Caption(record.Value) : null;
        if (post is not null) results.Add(Post(record, post));
        if (results.Count > 0) return results;
        known |= record.Value.TryGetProperty("timestamp", out _) || record.Value.TryGetProperty("attachments", out _);
        return [ExportRecord.Skip(record.Line, known ? LeftOut.NoText : LeftOut.UnknownShape)];
    }

    private static ExportRecord Comment(JsonRecord record, JsonElement comment)
    {
        string title = Text(record.Value, "title") ?? "";
        return Item(record, FacebookTitles.IsReply(title) ? Kind.Reply : Kind.Comment, Text(comment, "comment") ?? "", Text(comment, "author"), Seconds(comment) ?? Seconds(record.Value));
    }

    private static ExportRecord Post(JsonRecord record, string text) => Item(record, Kind.Post, text, null, Seconds(record.Value));

    private static ExportRecord Item(JsonRecord record, Kind kind, string raw, string? author, long? seconds)
    {
        bool repaired = false;
        string text = OwnText.Clean(Mojibake.Repair(raw, ref repaired));
        if (text.Length == 0) return ExportRecord.Skip(record.Line, LeftOut.NoText);
        if (!TryTime(seconds, out string? at)) return ExportRecord.Skip(record.Line, LeftOut.ImpossibleTime);
        string name = OwnText.Clean(Mojibake.Repair(author ?? "", ref repaired));
        return new(record.Line, FacebookKeys.Item(kind, at, text, name), Repaired: repaired);
    }

    private static ExportRecord Reacted(JsonRecord record, JsonElement reaction)
    {
        bool repaired = false;
        if (!TryTime(Seconds(record.Value), out string? at)) return ExportRecord.Skip(record.Line, LeftOut.ImpossibleTime);
        string title = Mojibake.Repair(Text(record.Value, "title") ?? "", ref repaired);
        return FacebookKeys.Reaction(record.Line, Mojibake.Repair(Text(reaction, "reaction") ?? "", ref repaired), null, null, at, title);
    }

    /// <summary>The shape since 2024: labels in the language of the export. The address is known by its <c>href</c>, the kind by being the first value.</summary>
    private static ExportRecord Labelled(JsonRecord record, JsonElement labels)
    {
        if (labels.ValueKind != JsonValueKind.Array) return ExportRecord.Skip(record.Line, LeftOut.UnknownShape);
        string? kind = null, address = null;
        bool repaired = false;
        foreach (JsonElement label in labels.EnumerateArray())
        {
            if (label.ValueKind != JsonValueKind.Object) continue;
            if (Text(label, "href") is { Length: > 0 } href) address ??= href;
            else if (Text(label, "value") is { Length: > 0 } value) kind ??= Mojibake.Repair(value, ref repaired);
        }
        if (!TryTime(Seconds(record.Value), out string? at)) return ExportRecord.Skip(record.Line, LeftOut.ImpossibleTime);
        if (kind is null && address is null) return ExportRecord.Skip(record.Line, LeftOut.UnknownShape);
        return FacebookKeys.Reaction(record.Line, kind ?? "", Text(record.Value, "fbid"), address, at, "");
    }

    /// <summary>What was written under a photo or film where the post itself has no words.</summary>
    private static string? Caption(JsonElement post)
    {
        if (!post.TryGetProperty("attachments", out JsonElement attachments) || attachments.ValueKind != JsonValueKind.Array) return null;
        foreach (JsonElement attachment in attachments.EnumerateArray())
        {
            if (attachment.ValueKind != JsonValueKind.Object || !attachment.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array) continue;
            foreach (JsonElement part in data.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.Object && Part(part, "media") is { ValueKind: JsonValueKind.Object } media && Text(media, "description") is { Length: > 0 } text) return text;
            }
        }
        return null;
    }

    /// <summary>False: the time cannot be right. Zero, which Facebook writes where it does not know, is no time.</summary>
    private static bool TryTime(long? seconds, out string? at)
    {
        at = null;
        if (seconds is null or 0) return true;
        if (seconds is < 0 or > 253_402_300_799) return false;
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(seconds.Value);
        at = WrittenTime.Format(time);
        return WrittenTime.IsPossible(time);
    }

    private static long? Seconds(JsonElement of) =>
        !of.TryGetProperty("timestamp", out JsonElement time) || time.ValueKind == JsonValueKind.Null ? null
        : time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out long seconds) ? seconds : -1;

    private static JsonElement? Part(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement part) ? part : null;

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
