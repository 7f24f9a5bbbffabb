namespace Soundings.Depth;

/// <summary>
/// Owns the reasons shown with a score: spans of the text, each with something a person can check in it. They are read off the same
/// findings the measures count, and ranked by how full or empty the model holds the sentence they stand in.
/// </summary>
internal sealed class EvidenceFinder
{
    private const int Most = 5;

    private readonly List<Candidate> _found = [];
    private ItemReading _reading = null!;
    private string _above = "post";

    private readonly record struct Candidate(int First, int Last, Verdict Toward, string Why, float Strength);

    /// <summary>At most five, strongest first, none over another. <paramref name="lengthPush"/>: what length alone moved the sum by.</summary>
    public IReadOnlyList<Evidence> Of(ItemReading reading, Verdict verdict, double probability, bool known, float lengthPush, bool learned = false)
    {
        _reading = reading;
        _above = reading.Kind == Kind.Reply ? "comment" : "post";
        _found.Clear();
        if (reading.Text.Count == 0)
            return [];
        var leaning = verdict != Verdict.Unsure ? verdict : probability >= 0.5 ? Verdict.Substantive : Verdict.Superficial;
        if (reading.WordCount == 0)
            Wordless();
        else
        {
            Walk();
            Questions();
            SentencesAsSuch();
        }
        // What the user taught can turn a judgement that nothing in the words themselves would explain.
        if (learned)
            Add(0, reading.Text.Count - 1, leaning, leaning == Verdict.Substantive ? "like texts you called substantive" : "like texts you called superficial", 2);
        if (verdict == leaning && !_found.Exists(c => c.Toward == leaning))
            Fallback(leaning);
        if (!known)
            Add(0, reading.Text.Count - 1, Verdict.Unsure, Foreign(), 9);
        if (MathF.Abs(lengthPush) > 0.5f && (lengthPush > 0) == (leaning == Verdict.Substantive))
            Add(0, reading.Text.Count - 1, leaning, lengthPush > 0 ? "longer than most, which counts a little for it" : "very short, which counts a little against it", 0.1f);
        return Best(leaning);
    }

    private List<Evidence> Best(Verdict leaning)
    {
        // What speaks for the verdict stands first; what speaks against it is shown too, for it moved the score as well.
        var order = Enumerable.Range(0, _found.Count).OrderByDescending(i => _found[i].Strength + (_found[i].Toward == leaning ? 0.6f : 0)).ThenBy(i => i);
        var chosen = new List<Candidate>();
        foreach (var i in order)
        {
            var candidate = _found[i];
            if (chosen.Count < Most && !chosen.Exists(c => (c.First <= candidate.Last && candidate.First <= c.Last && !Whole(c) && !Whole(candidate)) || c.Why == candidate.Why && c.Toward == candidate.Toward && chosen.Count > 2))
                chosen.Add(candidate);
        }
        return chosen.ConvertAll(c =>
        {
            var (start, length) = _reading.Text.Span(c.First, c.Last);
            return new Evidence(start, length, c.Toward, c.Why);
        });
    }

    private bool Whole(Candidate c) => c.First == 0 && c.Last == _reading.Text.Count - 1;

    private void Wordless()
    {
        var (links, tags, emoji) = (0, 0, 0);
        foreach (ref readonly var token in _reading.Text.All)
        {
            links += token.Kind is TokenKind.Url or TokenKind.Mail ? 1 : 0;
            tags += token.Kind is TokenKind.Mention or TokenKind.Hashtag ? 1 : 0;
            emoji += token.Kind == TokenKind.Emoji ? 1 : 0;
        }
        var why = links > 0 ? "a bare link" : tags > 0 ? "only names or tags" : emoji > 0 ? "only emoji" : "no words in it";
        Add(0, _reading.Text.Count - 1, Verdict.Superficial, why, 1);
    }

    // One walk over the words: what each could be evidence of.
    private void Walk()
    {
        var tokens = _reading.Text.Tokens;
        var words = _reading.Words;
        var lastSelf = -10;
        for (var w = 0; w < words.Length; w++)
        {
            var at = words[w];
            ref readonly var token = ref tokens[at];
            var full = Fullness(token.Sentence);
            var c = token.Classes;
            if ((c & WordClass.Self) != 0)
                lastSelf = w;
            if (full < -1.2f)
                continue;
            if (token.Kind == TokenKind.Number && token.Novel)
            {
                var last = w + 1 < words.Length && (tokens[words[w + 1]].Classes & (WordClass.Unit | WordClass.Time)) != 0 ? words[w + 1] : at;
                Add(at, last, Verdict.Substantive, _reading.ParentAsks ? "answers with a number" : "a number as evidence", 1f + 0.2f * full);
            }
            if ((c & WordClass.Reason) != 0 && !Earlier(w, WordClass.Reason) && ClauseEnd(at) > at + 1)
                Add(at, ClauseEnd(at), Verdict.Substantive, "gives a reason", 0.9f + 0.2f * full);
            else if ((c & WordClass.Evidence) != 0 && token.Novel)
                Add(at, ClauseEnd(at), Verdict.Substantive, "points to an example or a source", 0.5f + 0.2f * full);
            else if ((c & WordClass.Contrast) != 0 && w > 0 && !Earlier(w, WordClass.Contrast))
                Add(at, ClauseEnd(at), Verdict.Substantive, "sets one thing against another", 0.5f + 0.2f * full);
            else if ((c & WordClass.Condition) != 0 && !Earlier(w, WordClass.Condition))
                Add(at, ClauseEnd(at), Verdict.Substantive, "says when it holds", 0.45f + 0.2f * full);
            if (w - lastSelf is > 0 and < 5 && tokens[words[lastSelf]].Sentence == token.Sentence)
            {
                if ((c & WordClass.Past) != 0)
                    Add(words[lastSelf], ClauseEnd(at), Verdict.Substantive, "tells what the writer did or saw", 0.8f + 0.2f * full);
                else if ((c & WordClass.Feeling) != 0)
                    Add(words[lastSelf], ClauseEnd(at), Verdict.Substantive, "tells how it was for the writer", 0.7f + 0.2f * full);
                else if ((c & WordClass.Family) != 0)
                    Add(words[lastSelf], ClauseEnd(at), Verdict.Substantive, "speaks of somebody the writer knows", 0.5f + 0.2f * full);
            }
            if (token.Capital && !token.AllCapitals && token.Content && token.Novel && token.Kind == TokenKind.Word && w > 0 && tokens[words[w - 1]].Sentence == token.Sentence && _reading.Language != 4)
                Add(at, at, Verdict.Substantive, "names something particular", 0.3f + 0.2f * full);
            if ((c & WordClass.Insult) != 0)
                Add(at, at, Verdict.Superficial, "an insult or a jeer", 0.5f);
            if ((c & WordClass.Cta) != 0 && (c & WordClass.Function) == 0 && full < -0.5f)
                Add(at, at, Verdict.Superficial, "asks for a click, a follow or a message", 0.35f);
        }
    }

    private void Questions()
    {
        for (var i = 0; i < _reading.Text.Count; i++)
        {
            if (_reading.Text.Tokens[i].Kind != TokenKind.Mark || _reading.Text.Chars[_reading.Text.Tokens[i].Start] != '?')
                continue;
            var asked = Question.At(_reading, i);
            if (asked.Real)
                Add(asked.First, i, Verdict.Substantive, _reading.HasParent ? $"asks something the {_above} left open" : "asks a question that names its matter", 1.1f + 0.2f * Fullness(_reading.Text.Tokens[i].Sentence));
            else if (asked.First < i)
                Add(asked.First, i, Verdict.Superficial, "a question that asks for nothing in particular", 0.8f);
        }
    }

    private void SentencesAsSuch()
    {
        var tokens = _reading.Text.Tokens;
        var words = _reading.Words;
        for (var w = 0; w < words.Length;)
        {
            var first = w;
            var sentence = tokens[words[w]].Sentence;
            var all = WordClass.None;
            int fresh = 0, known = 0, echo = 0;
            for (; w < words.Length && tokens[words[w]].Sentence == sentence; w++)
            {
                ref readonly var token = ref tokens[words[w]];
                all |= token.Classes;
                if (token.Content)
                    (fresh, known) = token.Novel ? (fresh + 1, known) : (fresh, known + 1);
                if (!token.Novel)
                    echo++;
            }
            var full = Fullness(sentence);
            var (start, last) = (words[first], SentenceEnd(words[w - 1]));
            if (_reading.HasParent && known > 1 && known > 2 * fresh && echo * 3 >= (w - first) * 2)
                Add(start, last, Verdict.Superficial, $"says what the {_above} said", 1.3f);
            else if (full < -1 || (full < 0 && fresh < 2 && (all & WordClass.Stock) != 0))
                Add(start, last, Verdict.Superficial, Emptiness(all, fresh), 0.6f - 0.2f * full);
            else if (full > 0 && fresh > 3)
                Add(start, last, Verdict.Substantive, _reading.HasParent ? $"adds what the {_above} did not have" : "says something particular", 0.2f + 0.2f * full);
            else if (full < 0 && fresh < 3)
                Add(start, last, Verdict.Superficial, "touches on something, but nothing is carried through", 0.3f - 0.2f * full);
        }
    }

    private static string Emptiness(WordClass all, int fresh) =>
        (all & WordClass.Cta) != 0 && (all & (WordClass.Formula | WordClass.Praise)) == 0 ? "asks for a click, a follow or a message"
        : (all & WordClass.Formula) != 0 ? "a formula that could stand under any post"
        : (all & WordClass.Praise) != 0 ? "praise that could stand under any post"
        : (all & WordClass.Agree) != 0 && fresh < 2 ? "agrees and adds nothing"
        : (all & WordClass.Insult) != 0 ? "an insult or a jeer, without a reason"
        : (all & WordClass.Laugh) != 0 && fresh < 2 ? "a laugh or an exclamation"
        : (all & WordClass.Announce) != 0 ? "announces, with nothing to work with"
        : (all & (WordClass.Platitude | WordClass.Vague)) != 0 ? "general words that could stand under any post"
        : fresh == 0 ? "could stand under any post"
        : "nothing in it that the other person could take up";

    private void Fallback(Verdict leaning)
    {
        if (leaning == Verdict.Superficial || _reading.WordCount == 0)
        {
            Add(0, _reading.Text.Count - 1, leaning, leaning == Verdict.Superficial ? "gives the other person little to work with" : "says something particular", 0.2f);
            return;
        }
        var words = _reading.Words;
        var best = words[0];
        foreach (var w in words)
        {
            if (Fullness(_reading.Text.Tokens[w].Sentence) > Fullness(_reading.Text.Tokens[best].Sentence))
                best = w;
        }
        Add(best, SentenceEnd(best), leaning, _reading.HasParent ? $"adds what the {_above} did not have" : "says something particular", 0.2f);
    }

    private string Foreign() => _reading.LanguageCode is { } code
        ? $"written in a language Soundings was not taught ({code}), so only strong signs count"
        : "written in a language Soundings does not know, so only strong signs count";

    private float Fullness(int sentence) => _reading.Sentences.Logits[Sentences.Place(sentence)];

    // The word before has the same class: the two belong to one phrase, which is named once.
    private bool Earlier(int w, WordClass wanted) => w > 0 && (_reading.Text.Tokens[_reading.Words[w - 1]].Classes & wanted) != 0;

    // To the next comma, stop or line end, at most fourteen tokens on.
    private int ClauseEnd(int at)
    {
        var tokens = _reading.Text.Tokens;
        var last = at;
        for (var i = at + 1; i < _reading.Text.Count && i < at + 14; i++)
        {
            if (tokens[i].Kind is TokenKind.Line or TokenKind.Emoji || (tokens[i].Kind == TokenKind.Mark && _reading.Text.Chars[tokens[i].Start] is ',' or '.' or '!' or '?' or ';' or ':'))
                break;
            last = i;
        }
        return last;
    }

    private int SentenceEnd(int at)
    {
        var tokens = _reading.Text.Tokens;
        while (at + 1 < _reading.Text.Count && tokens[at + 1].Sentence == tokens[at].Sentence && tokens[at + 1].Kind is not (TokenKind.Line or TokenKind.Emoji))
            at++;
        return at;
    }

    private void Add(int first, int last, Verdict toward, string why, float strength)
    {
        // A hostile text may hold thousands of numbers; the first hundred findings are plenty to choose five from.
        if (_found.Count < 100)
            _found.Add(new(first, last, toward, why, strength));
    }
}
