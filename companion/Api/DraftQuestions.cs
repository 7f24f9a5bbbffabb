namespace Soundings.Api;

/// <summary>What a draft can be asked, one move of the essay each: take part, offer wisdom, reveal, solicit insight.</summary>
internal sealed record DraftQuestions(string Engage, string Wisdom, string Reveal, string RevealInPost, string Solicit)
{
    private static readonly DraftQuestions English = new(
        "Which point of theirs does this take up?",
        "What is the reason, the number or the example behind it?",
        "What did you see happen?",
        "What did you see or do yourself that led you here?",
        "What would you like to learn from them?");

    private static readonly Dictionary<string, DraftQuestions> Others = new(StringComparer.Ordinal)
    {
        ["de"] = new(
            "Auf welchen Punkt geht das ein?",
            "Welcher Grund, welche Zahl, welches Beispiel steckt dahinter?",
            "Was hast du selbst dabei erlebt?",
            "Was hast du selbst gesehen oder getan, das dazu geführt hat?",
            "Was würdest du gern von den anderen erfahren?"),
        ["fr"] = new(
            "À quel point précis cela répond-il ?",
            "Quelle raison, quel chiffre ou quel exemple y a-t-il derrière ?",
            "Qu’as-tu vu arriver toi-même ?",
            "Qu’as-tu vu ou fait toi-même qui t’a amené là ?",
            "Qu’aimerais-tu apprendre des autres ?"),
        ["es"] = new(
            "¿A qué punto concreto responde esto?",
            "¿Qué razón, qué cifra o qué ejemplo hay detrás?",
            "¿Qué viste tú que ocurriera?",
            "¿Qué viste o hiciste tú que te llevó hasta aquí?",
            "¿Qué te gustaría aprender de los demás?"),
        ["pt"] = new(
            "A que ponto concreto isto responde?",
            "Que razão, que número ou que exemplo está por trás?",
            "O que é que você mesmo viu acontecer?",
            "O que você mesmo viu ou fez que o trouxe até aqui?",
            "O que gostaria de aprender com os outros?"),
    };

    /// <summary>In the language of the draft, where there is a translation; else in plain English.</summary>
    public static DraftQuestions In(string? language) => language is not null && Others.TryGetValue(language, out DraftQuestions? own) ? own : English;
}
