namespace Soundings.Training;

/// <summary>
/// Owns which versions are let go, so that they do not fill the disk: a head is nine kilobytes, a full training two megabytes. Pure: no clock,
/// no files.
/// </summary>
internal static class KeepPolicy
{
    /// <summary>The newest heads and full trainings that stay to go back to.</summary>
    public const int Heads = 25, Full = 4;

    /// <summary>Never the starter, what is needed, or what that stands on; a head goes with the training it stands on, without which it says nothing.</summary>
    public static IReadOnlyList<ModelVersion> LetGo(IReadOnlyCollection<ModelVersion> all, IReadOnlyCollection<ModelVersion> needed)
    {
        HashSet<ModelVersion> kept = [.. needed, .. needed.Select(version => new ModelVersion(version.Base, 0)), ModelVersion.Starter];
        List<ModelVersion> full = [.. all.Where(version => !version.IsPersonal && !version.IsStarter).Order().SkipLast(Full).Where(version => !kept.Contains(version))];
        HashSet<int> gone = [.. full.Select(version => version.Base)];
        // By what was said until then, not by what they stand on: after going back to an older training its heads are the newest.
        IEnumerable<ModelVersion> heads = all.Where(version => version.IsPersonal).OrderBy(version => version.Revision).ThenBy(version => version.Base);
        HashSet<ModelVersion> old = [.. heads.SkipLast(Heads)];
        return [.. all.Where(version => version.IsPersonal && (old.Contains(version) || gone.Contains(version.Base)) && !kept.Contains(version)).Order(), .. full];
    }
}
