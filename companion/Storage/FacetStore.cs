namespace Soundings.Storage;

/// <summary>How many texts stand in the shares, and how many of them have each facet.</summary>
internal sealed record FacetTally(int N, int Reveal, int Wisdom, int Solicit, int Engage);

/// <summary>Counts by facet, of the same items as <see cref="StatsStore"/> counts.</summary>
internal sealed class FacetStore(Database database)
{
    public (FacetTally Mine, FacetTally Others) Read(long from, long to, string model) => database.Read(connection =>
    {
        FacetTally mine = new(0, 0, 0, 0, 0), others = mine;
        // A facet holds from one half: its probability is calibrated like the verdict's, without a band of doubt.
        foreach ((bool isMine, FacetTally tally) in connection.Query(
            """
            SELECT mine, count(*), sum(reveal >= 0.5), sum(wisdom >= 0.5), sum(solicit >= 0.5), sum(engage >= 0.5)
            FROM items WHERE moment >= $from AND moment < $to AND counted = 1
              AND (gone OR model = (SELECT model FROM models WHERE version = $model)) GROUP BY mine
            """,
            row => (row.GetBoolean(0), new FacetTally(row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5))),
            ("$from", from), ("$to", to), ("$model", model)))
        {
            if (isMine) mine = tally;
            else others = tally;
        }
        return (mine, others);
    });
}
