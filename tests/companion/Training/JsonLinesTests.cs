using System.Text;
using Soundings.Training;

namespace Soundings.Tests.Training;

public class JsonLinesTests
{
    private const string Good = """{"id":"a","kind":"comment","text":"x","unknown":[1,{"y":2}],"author":null,"parent":null}""";

    private static List<JsonLines.Line> Read(string text, bool labelled = false) =>
        [.. JsonLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test", labelled)];

    [Fact]
    public void Byte_order_mark_carriage_returns_and_blank_lines_are_tolerated()
    {
        var lines = Read($"\uFEFF{Good}\r\n\r\n   \n{Good}");
        Assert.Equal([1, 4], lines.Select(l => l.Number));
        Assert.All(lines, l => Assert.Null(l.Problem));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("""{"id":"a","kind":"comment"}""", "text is missing")]
    [InlineData("""{"id":7,"kind":"comment","text":"x"}""", "id must be a string")]
    [InlineData("""{"id":"a","kind":"tweet","text":"x"}""", "post, comment or reply")]
    [InlineData("""{"id":"a","kind":"comment","text":"\ud800"}""", "surrogate")]
    [InlineData("""{"id":"a","kind":"comment","text":"x"} {}""", "JSON")]
    [InlineData("""{"id":"a","kind":"comment","text":null}""", "text must be a string")]
    public void A_bad_line_is_named_and_the_rest_is_read(string bad, string problem)
    {
        var lines = Read($"{Good}\n{bad}\n{Good}\n");
        Assert.Equal(3, lines.Count);
        Assert.Contains(problem, lines[1].Problem, StringComparison.Ordinal);
        Assert.Null(lines[2].Problem);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_a_bad_line()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("""{"id":"a","kind":"comment","text":"""), (byte)'"', 0xFF, (byte)'"', (byte)'}', (byte)'\n', .. Encoding.UTF8.GetBytes(Good)];
        var lines = JsonLines.Read(new MemoryStream(bytes), "test", labelled: false).ToList();
        Assert.NotNull(lines[0].Problem);
        Assert.NotNull(lines[1].Item);
    }

    [Fact]
    public void A_line_of_many_megabytes_is_passed_over_and_the_rest_is_read()
    {
        var lines = Read($"{Good}\n{new string('x', 40_000_000)}\n{Good}\n{new string('x', 20_000_000)}");
        Assert.Equal([1, 2, 3, 4], lines.Select(l => l.Number));
        Assert.Equal([true, false, true, false], lines.Select(l => l.Item is not null));
        Assert.Contains("longer than 16 MiB", lines[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_UTF_16_is_named_once_as_what_it_is()
    {
        var lines = JsonLines.Read(new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes($"{Good}\r\n{Good}\r\n")]), "test", labelled: false);
        Assert.Contains("UTF-16", Assert.Single(lines).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_is_neither_is_a_bad_line() =>
        Assert.Contains("substantive or superficial", Read("""{"id":"a","kind":"comment","text":"x","label":"disputed"}""", labelled: true)[0].Problem, StringComparison.Ordinal);

    [Fact]
    public void A_line_longer_than_any_buffer_is_read_whole()
    {
        var line = Read($$"""{"id":"a","kind":"comment","text":"{{new string('x', 300_000)}}"}""")[0];
        Assert.Equal(300_000, line.Item!.Text.Length);
    }
}
