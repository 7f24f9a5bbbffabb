using System.Globalization;
using System.Text.RegularExpressions;

namespace Soundings.Reading.Exports;

/// <summary>
/// Owns times as exports write them: in numbers in several orders, or with the month's name in the language the export was asked for in.
/// What is not understood is unknown (null), never a guess: the item is kept without a time.
/// </summary>
internal static partial class WrittenTime
{
    /// <summary>Before LinkedIn (2003) and Facebook (2004) there is nothing to export; a day ahead allows for a clock that is wrong.</summary>
    private static readonly DateTimeOffset Earliest = new(2003, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Numeric =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss.FFF", "yyyy-MM-dd'T'HH:mm:ss.FFF",
        "yyyy-MM-dd", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd",
        // With a day half the American order is the only one LinkedIn uses (invitations: "9/5/26, 1:12 AM").
        "M/d/yy, h:mm tt", "M/d/yyyy, h:mm tt", "M/d/yy h:mm tt", "M/d/yyyy h:mm tt", "M/d/yyyy h:mm:ss tt", "M/d/yyyy, h:mm:ss tt",
        // Without, the order of everybody else (Facebook's pages in French: "05/09/2026, 13:12").
        "d/M/yyyy, HH:mm", "d/M/yyyy HH:mm", "d/M/yyyy HH:mm:ss", "d.M.yyyy, HH:mm", "d.M.yyyy HH:mm", "d.M.yyyy HH:mm:ss", "d.M.yyyy, HH:mm:ss",
    ];

    /// <summary>The first letters by which a month is known in the languages the exports were seen in, folded to ASCII where the letter is Latin.</summary>
    private static readonly string[][] Months =
    [
        ["jan", "ene", "gen", "sty", "oca", "янв", "janv"], ["feb", "fev", "fevr", "lut", "sub", "фев"], ["mar", "mrz", "maer", "mrt", "март", "мар"],
        ["apr", "avr", "abr", "kwi", "nis", "апр"], ["may", "mai", "maj", "mag", "mei", "мая", "май"], ["jun", "juin", "giu", "cze", "haz", "июн"],
        ["jul", "juil", "lug", "lip", "tem", "июл"], ["aug", "aou", "ago", "sie", "agu", "авг"], ["sep", "set", "wrz", "eyl", "сен"],
        ["oct", "okt", "ott", "out", "paz", "eki", "окт"], ["nov", "lis", "kas", "ноя"], ["dec", "dez", "dic", "des", "gru", "ara", "дек"],
    ];

    public static bool IsPossible(DateTimeOffset time) => time >= Earliest && time < Latest;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <param name="text">As written.</param>
    /// <param name="zone">Where the clock hung, if the text does not say.</param>
    public static DateTimeOffset? Parse(string text, TimeZoneInfo zone)
    {
        text = Blanks().Replace(text, " ").Trim();
        if (text.Length is 0 or > 80) return null;
        if (ZoneMark().Match(text) is { Success: true } mark)
        {
            text = text[..mark.Index].TrimEnd();
            zone = Offset(mark);
        }
        if (DateTime.TryParseExact(text, Numeric, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)) return In(zone, time);
        return Named(text) is { } named ? In(zone, named) : null;
    }

    /// <summary>"Dec 06, 2008 10:18:27 pm", "6. Dezember 2008 um 22:18", "Wednesday, November 12, 2008 at 8:53pm".</summary>
    private static DateTime? Named(string text)
    {
        Match clock = Clock().Match(text);
        string day = clock.Success ? text[..clock.Index] : text;
        Match year = Year().Match(day), number = DayNumber().Match(day);
        int month = MonthIn(day);
        if (!year.Success || !number.Success || month == 0) return null;
        (int hour, int minute, int second) = (0, 0, 0);
        if (clock.Success)
        {
            (hour, minute) = (Number(clock, "hour"), Number(clock, "minute"));
            second = clock.Groups["second"].Success ? Number(clock, "second") : 0;
            string half = text[(clock.Index + clock.Length)..].Trim().ToLowerInvariant();
            if (hour == 12 && IsMorning(half)) hour = 0;
            else if (hour < 12 && IsAfternoon(half)) hour += 12;
        }
        int dayOfMonth = Number(number, "day"), yearNumber = Number(year, "year");
        // Thai pages count the years of the Buddhist era.
        if (yearNumber > 2400) yearNumber -= 543;
        return hour < 24 && minute < 60 && second < 60 && dayOfMonth >= 1 && dayOfMonth <= DateTime.DaysInMonth(yearNumber, month)
            ? new DateTime(yearNumber, month, dayOfMonth, hour, minute, second, DateTimeKind.Unspecified)
            : null;
    }

    private static int MonthIn(string day)
    {
        foreach (Match word in Word().Matches(day))
        {
            string folded = Folded(word.Value);
            int best = 0, longest = 0;
            for (int month = 0; month < 12; month++)
            {
                foreach (string name in Months[month])
                {
                    if (name.Length > longest && folded.StartsWith(name, StringComparison.Ordinal)) (best, longest) = (month + 1, name.Length);
                }
            }
            // Names of weekdays stand beside: none of them begins like a month but "mar" (Tuesday in the South), which a comma follows.
            if (best > 0 && !(word.Index + word.Length < day.Length && day[word.Index + word.Length] == ',' && Word().Count(day) > 1 && word.Index == 0)) return best;
        }
        return 0;
    }

    private static bool IsAfternoon(string half) => half.StartsWith('p') || half is "nachm." or "da tarde" or "de la tarde" or "po południu" or "μ.μ." or "ม." || half.Contains("tarde", StringComparison.Ordinal);

    private static bool IsMorning(string half) => half.StartsWith('a') || half.Contains("mañana", StringComparison.Ordinal) || half.Contains("manhã", StringComparison.Ordinal) || half is "vorm." or "przed południem";

    private static string Folded(string word) => string.Concat(
        word.ToLowerInvariant().Normalize(System.Text.NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark));

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Offset(Match mark)
    {
        if (!mark.Groups["hours"].Success) return TimeZoneInfo.Utc;
        int minutes = Math.Min(Number(mark, "hours") * 60 + (mark.Groups["minutes"].Success ? Number(mark, "minutes") : 0), 14 * 60);
        TimeSpan offset = TimeSpan.FromMinutes(mark.Groups["sign"].Value == "-" ? -minutes : minutes);
        return TimeZoneInfo.CreateCustomTimeZone("written", offset, null, null);
    }

    /// <summary>A wall clock's time; the hour that a clock change skips is read an hour later, as the clock did.</summary>
    private static DateTimeOffset In(TimeZoneInfo zone, DateTime time)
    {
        if (zone.IsInvalidTime(time)) time = time.AddHours(1);
        return new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();
    }

    [GeneratedRegex(@"[\s\u00A0\u202F]+")]
    private static partial Regex Blanks();


    /// <summary>Only behind a clock: the end of "2024-01-05" is no zone.</summary>
    [GeneratedRegex(@"(?<=:\d\d(\.\d+)?([ ]?[apAP]\.?[ ]?[mM]\.?)?)[ ]?((UTC|GMT)?(?<sign>[+-])(?<hours>\d\d?):?(?<minutes>\d\d)?|UTC|GMT|Z)$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneMark();

    [GeneratedRegex(@"(?<hour>\d{1,2}):(?<minute>\d\d)(:(?<second>\d\d))?")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(?<year>(19|20|25)\d\d)\b")]
    private static partial Regex Year();

    [GeneratedRegex(@"\b(?<day>\d{1,2})\b")]
    private static partial Regex DayNumber();

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();
}
