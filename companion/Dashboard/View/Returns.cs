using Soundings.Depth;
using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>Why a conversation is worth returning to.</summary>
public enum Why
{
    /// <summary>They asked something of the user, and it stands unanswered.</summary>
    Asked,

    /// <summary>It began shallow and became deep, and the last word is theirs.</summary>
    Deepened,

    /// <summary>They wrote something of substance, and the user only reacted with a click.</summary>
    OnlyLiked,
}

/// <summary>One conversation to return to, by the text of theirs that waits.</summary>
internal sealed record Return(ThreadText Text, Why Why);

/// <summary>Which conversations are worth returning to: pure, so that the same texts always give the same list.</summary>
internal static class Returns
{
    /// <summary>What is older is no longer a conversation. Others' texts are let go after thirty days unless the user kept them.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(60);

    /// <summary>A list one would work through, not a backlog.</summary>
    public const int Most = 5;

    private const double IsQuestion = 0.5;

    /// <summary>The newest first, at most one for each conversation with a human, for the first reason of <see cref="Why"/> that holds.</summary>
    public static IReadOnlyList<Return> Choose(IEnumerable<ThreadText> texts, DateTimeOffset now)
    {
        long time = now.ToUnixTimeMilliseconds(), oldest = (now - Oldest).ToUnixTimeMilliseconds();
        return
        [
            .. texts.GroupBy(text => (text.Conversation, text.Human))
                .Select(thread => Choose([.. thread.OrderBy(text => text.Moment).ThenBy(text => text.Row)], oldest, time))
                .OfType<Return>()
                .OrderByDescending(one => one.Text.Moment)
                .Take(Most),
        ];
    }

    private static Return? Choose(List<ThreadText> thread, long oldest, long now)
    {
        // Done with a text is done with what came before it.
        int seen = thread.FindLastIndex(text => text.PutOff > now);
        List<ThreadText> waiting = [.. thread.Skip(seen + 1).Where(text => !text.Mine && !text.Answered && text.HasText && IsWithin(text.Moment, oldest, now))];
        if (waiting.FindLast(text => text.Solicit >= IsQuestion) is { } question) return new Return(question, Why.Asked);
        if (waiting.LastOrDefault() is { } last && last == thread[^1] && HasDeepened(thread)) return new Return(last, Why.Deepened);
        return waiting.FindLast(text => text.Verdict == Verdict.Substantive && text.Liked is not null) is { } liked ? new Return(liked, Why.OnlyLiked) : null;
    }

    private static bool IsWithin(long moment, long oldest, long now) => moment >= oldest && moment <= now;

    /// <summary>Nothing of substance in the first half, and both of the last two are.</summary>
    private static bool HasDeepened(List<ThreadText> thread) => thread.Count >= 3
        && thread.Take(thread.Count / 2).All(text => text.Verdict != Verdict.Substantive)
        && thread.TakeLast(2).All(text => text.Verdict == Verdict.Substantive);
}
