using Soundings.Depth;

namespace Soundings.Tests.Depth;

public class ModelTests
{
    [Fact]
    public void A_damaged_model_is_a_loud_error()
    {
        var bytes = File.ReadAllBytes(StarterModel.Path);
        bytes[bytes.Length / 2] ^= 1;
        Assert.Contains("damaged", Refused(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_named_so() => Assert.Contains("is not a Soundings model", Refused("PK something else"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void A_missing_model_is_named() => Assert.Contains("cannot be read", Assert.Throws<MendableError>(() => Model.Load("/nowhere/at.all")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_saved_model_reads_back_the_same()
    {
        var model = Model.Load(StarterModel.Path);
        var path = Path.GetTempFileName();
        model.Save(path);
        Assert.Equal(File.ReadAllBytes(StarterModel.Path), File.ReadAllBytes(path));
        File.Delete(path);
    }

    private static string Refused(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        var message = Assert.Throws<MendableError>(() => Model.Load(path)).Message;
        File.Delete(path);
        return message;
    }
}
