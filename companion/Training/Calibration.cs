namespace Soundings.Training;

/// <summary>
/// Owns the map from the depth head's sum to a probability. Fitted on real interactions that are not part of the project; two numbers,
/// and the command that gives them, are in seeds/README.md.
/// </summary>
internal static class Calibration
{
    public const float Slope = 0.96f, Shift = 0.37f;
}
