using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Soundings.Tests;

/// <summary>Rules of the repository, read from the repository itself. Each message says what to do.</summary>
public partial class RepositoryTests
{
    internal static readonly string Root = FindRoot();
    private static readonly IReadOnlyList<string> Files = TrackedFiles();

    /// <summary>One outside thing, one owner: what may be named only in these places.</summary>
    public static TheoryData<string, string, string> Owners => new()
    {
        { @"\bSqliteConnection\b", "companion/**.cs", "^companion/Storage/" },
        { @"\bMLContext\b", "companion/**.cs", "^companion/(Depth|Training)/" },
        { @"\bKestrel\w*Options\b|\bUseKestrel\b|\bConfigureKestrel\b", "companion/**.cs", "^companion/(Api|Cli)/|^companion/Program.cs$" },
        { @"(?<![.\w])fetch\(", "extension/**.js", "^extension/worker/(companion-client|rules|main|storage)[^/]*\\.js$" },
        { @"\b(chrome|browser)\.storage\b", "extension/**.js", "^extension/worker/storage\\.js$" },
        { @"\bindexedDB\b", "extension/**.js", "^extension/worker/(outbox|keys|storage|database)[^/]*\\.js$" },
    };

    [Theory]
    [MemberData(nameof(Owners))]
    public void Each_outside_thing_has_one_owner(string pattern, string where, string owner)
    {
        var regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        var strangers = Code(where)
            .Where(file => !Regex.IsMatch(file, owner))
            .Where(file => regex.IsMatch(WithoutComments(Read(file))));
        Assert.True(!strangers.Any(), $"'{pattern}' belongs in {owner} alone; ask the owner from: {string.Join(", ", strangers)}");
    }

    [Fact]
    public void No_code_file_is_over_400_lines()
    {
        var long_ = Files.Where(IsCode).Select(file => (file, lines: Read(file).Count(c => c == '\n'))).Where(f => f.lines > 400);
        Assert.True(!long_.Any(), $"Cut along what the file owns: {string.Join(", ", long_)}");
    }

    [Fact]
    public void Each_code_file_opens_with_what_it_owns()
    {
        var silent = Files.Where(file => file.StartsWith("extension/", StringComparison.Ordinal) && file.EndsWith(".js", StringComparison.Ordinal))
            .Where(file => !Read(file).TrimStart().StartsWith("/", StringComparison.Ordinal));
        Assert.True(!silent.Any(), $"Open with one sentence on what the file owns: {string.Join(", ", silent)}");
    }

    [Fact]
    public void Nothing_names_a_path_of_this_machine_or_a_registry_host()
    {
        var found = Files.Where(IsText).Where(file => MachinePath().IsMatch(Read(file)));
        Assert.True(!found.Any(), $"Write a relative path, or leave the host out of the lock file: {string.Join(", ", found)}");
    }

    [Fact]
    public void No_error_is_swallowed()
    {
        var found = Files.Where(IsCode).Where(file => EmptyCatch().IsMatch(Read(file)));
        Assert.True(!found.Any(), $"Say in the catch why it is safe to go on, in code: {string.Join(", ", found)}");
    }

    [Fact]
    public void Package_versions_are_pinned_exactly()
    {
        var loose = Regex.Matches(Read("tests/package.json"), "\"[^\"]+\": \"[\\^~><*][^\"]*\"").Select(m => m.Value)
            .Where(line => !line.StartsWith("\"node\"", StringComparison.Ordinal));
        Assert.True(!loose.Any(), $"Pin in tests/package.json: {string.Join(", ", loose)}");
        Assert.DoesNotMatch("PackageVersion Include=\"[^\"]+\" Version=\"[^\"]*[*\\[(]", Read("Directory.Packages.props"));
    }

    [Fact]
    public void The_readme_names_every_package_with_its_version()
    {
        var named = Regex.Matches(Read("Directory.Packages.props"), "PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\"")
            .Concat(Regex.Matches(Read("tests/package.json").Split("\"devDependencies\"")[1], "\"([^\"]+)\": \"([^\"]+)\""))
            .Select(match => $"| {match.Groups[1].Value} | {match.Groups[2].Value} |").ToList();
        Assert.True(named.Count > 15, "the packages were not found: mend the patterns above");
        var readme = Read("README.md");
        var missing = named.Where(row => !readme.Contains(row, StringComparison.Ordinal));
        Assert.True(!missing.Any(), $"Name in the README with licence and reason: {string.Join(", ", missing)}");
    }

    [Fact]
    public void The_build_command_keeps_its_run_bit() =>
        Assert.StartsWith("100755", Git("ls-files", "-s", "build.cmd"), StringComparison.Ordinal);

    private static IEnumerable<string> Code(string where)
    {
        var (folder, ending) = (where.Split("**")[0], where.Split("**")[1]);
        var files = Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(ending, StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 0, $"No file matches {where}: the rule watches nothing, mend its pattern.");
        return files;
    }

    private static bool IsCode(string file) =>
        Path.GetExtension(file) is ".cs" or ".js" or ".mjs" or ".razor" or ".css" && !file.StartsWith("tests/replicas/", StringComparison.Ordinal);

    private static bool IsText(string file) =>
        (IsCode(file) || Path.GetExtension(file) is ".md" or ".json" or ".props" or ".csproj" or ".cmd" or ".html" or ".targets") && file != "tests/companion/RepositoryTests.cs";

    private static string WithoutComments(string code) => Comments().Replace(code, "");

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Companion.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("These tests read the repository: run them from a checkout.");
    }

    private static List<string> TrackedFiles() =>
        [.. Git("ls-files", "--cached", "--others", "--exclude-standard").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Root, file)))];

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed in {Root}");
    }

    [GeneratedRegex(@"(?<![\w.\])}])/(?:work|root|home/\w+|Users/\w+)/|""resolved"": *""https?://")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"/\*.*?\*/|(?<!:)//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
