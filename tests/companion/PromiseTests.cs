using System.Text.RegularExpressions;

namespace Soundings.Tests;

/// <summary>The table in tests/README.md: it has every row, and every test it names is there.</summary>
public sealed partial class PromiseTests
{
    private static readonly string TestsFolder = Path.Combine(RepositoryTests.Root, "tests");

    [Fact]
    public void Every_row_of_threats_and_faults_is_in_the_table()
    {
        HashSet<string> rows = [.. Row().Matches(File.ReadAllText(Path.Combine(TestsFolder, "README.md"))).Select(match => match.Groups[1].Value)];
        IEnumerable<string> wanted = [.. Enumerable.Range(1, 38).Select(n => $"T{n}"), .. Enumerable.Range(1, 42).Select(n => $"F{n}"), "F11b"];
        Assert.Empty(wanted.Except(rows));
    }

    [Fact]
    public void Every_test_that_the_table_names_is_there()
    {
        string[] table = [.. File.ReadAllLines(Path.Combine(TestsFolder, "README.md")).Where(line => Row().IsMatch(line))];
        string code = string.Concat(Directory.EnumerateFiles(TestsFolder, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal) || file.EndsWith(".test.mjs", StringComparison.Ordinal))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).Select(File.ReadAllText));
        string[] named = [.. table.SelectMany(line => Name().Matches(line).Select(match => match.Groups[1].Value)).Distinct()];
        Assert.True(named.Length > 80, $"only {named.Length} tests are named");
        IEnumerable<string> gone = named.Where(name => !code.Contains(name.Contains(' ', StringComparison.Ordinal) ? name : $" {name}(", StringComparison.Ordinal));
        Assert.True(!gone.Any(), $"tests/README.md names tests that are not there: {string.Join(", ", gone)}");
    }

    [GeneratedRegex(@"^\| ([TF]\d+b?) +\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
