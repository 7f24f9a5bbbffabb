using System.Text;
using System.Text.Json.Nodes;
using Soundings.Reading.Exports;

namespace Soundings.Tests.Reading.Exports;

/// <summary>The broken and odd files of <c>file-cases.jsonl</c>: each is refused with its line and reason, or gives the records it says.</summary>
public sealed class FileCaseTests
{
    public static TheoryData<string> Cases => [.. Lines().Select(line => (string)JsonNode.Parse(line)!["id"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_file_is_read_or_refused_as_its_case_says(string id)
    {
        JsonNode one = Lines().Select(line => JsonNode.Parse(line)!).Single(node => (string)node["id"]! == id);
        string name = (string)one["name"]!;
        if ((string?)one["refused"] is { } reason)
        {
            ImportRefused refused = Assert.Throws<ImportRefused>(() => Samples.Records(name, Content(one)));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.StartsWith(name, refused.Message, StringComparison.Ordinal);
            return;
        }
        List<ExportRecord> records = Samples.Records(name, Content(one));
        Assert.Equal((int)one["kept"]!, records.Count(record => record.LeftOut is null));
        Assert.Equal((int?)one["skipped"] ?? 0, records.Count(record => record.LeftOut is not null));
        if (one["texts"] is JsonArray texts) Assert.Equal(texts.Select(text => (string)text!), records.Select(record => record.Item!.Text));
    }

    [Fact]
    public void A_formula_is_stored_as_the_text_it_is() =>
        Assert.Equal("=cmd|' /C calc'!A0", Assert.Single(Samples.Records("Comments.csv", Content(Lines().Select(line => JsonNode.Parse(line)!).Single(node => (string)node["id"]! == "I39")))).Item!.Text);

    private static IEnumerable<string> Lines() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reading", "Exports", "file-cases.jsonl"));

    private static byte[] Content(JsonNode one)
    {
        if ((string?)one["text"] is { } text) return Encoding.UTF8.GetBytes(text);
        if ((string?)one["latin1"] is { } bytes) return Encoding.Latin1.GetBytes(bytes);
        return Encoding.UTF8.GetBytes((string)one["before"]! + string.Concat(Enumerable.Repeat((string)one["repeat"]!, (int)one["times"]!)));
    }
}
