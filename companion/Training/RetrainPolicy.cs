namespace Soundings.Training;

/// <summary>Owns when the large model is trained again by itself. Pure; on demand it is trained whenever the user asks.</summary>
internal static class RetrainPolicy
{
    /// <summary>Below this the head alone learns more (measured: fifty own lines among six thousand do not move a full training).</summary>
    public const int FirstAt = 100;

    /// <summary>After that, each time the labels have grown by half.</summary>
    public const double Growth = 1.5;

    public static bool IsDue(int labelsNow, int labelsAtLast, bool running) =>
        !running && labelsNow >= FirstAt && labelsNow >= labelsAtLast * Growth;
}
