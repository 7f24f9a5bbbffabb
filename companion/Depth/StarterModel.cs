namespace Soundings.Depth;

/// <summary>
/// Owns where the model of the first day lies: beside the program, trained from seeds/ when the program is built. Trained at build and
/// not at first start, so that the first score comes at once and no training code is loaded by a companion that only judges.
/// </summary>
internal static class StarterModel
{
    public const string Version = "1";

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "starter.model");

    /// <summary>The corpus it is trained from, shipped beside it so that it can be trained again.</summary>
    public static string Seeds => System.IO.Path.Combine(AppContext.BaseDirectory, "seeds");
}
