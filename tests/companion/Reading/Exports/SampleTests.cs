using Soundings.Reading.Exports;

namespace Soundings.Tests.Reading.Exports;

/// <summary>Every record of the sample exports becomes what <c>expected.txt</c> beside them says, or is left out for the reason it says.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> All => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_record_is_kept_or_left_out_with_its_reason(string sample)
    {
        IReadOnlyList<ExportFile> files = ExportFiles.Folder(Samples.At(sample), new ImportMeter(CancellationToken.None));
        string[] expected = File.ReadAllLines(Path.Combine(Samples.At(sample), "expected.txt"));
        Assert.Equal(expected, Samples.Told(files));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_archive_gives_what_the_folder_gives(string sample)
    {
        string zip = Path.GetTempFileName();
        try
        {
            Samples.Zip(Samples.At(sample), zip, prefix: "");
            using FileStream opened = File.OpenRead(zip);
            ImportMeter meter = new(CancellationToken.None);
            Assert.Equal(Samples.Told(ExportFiles.Folder(Samples.At(sample), meter)), Samples.Told(ExportFiles.In(opened, "export.zip", meter)));
        }
        finally
        {
            File.Delete(zip);
        }
    }
}
