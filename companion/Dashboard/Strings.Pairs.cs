namespace Soundings.Dashboard;

/// <summary>What the dashboard says where two texts are held against each other.</summary>
internal partial class Strings
{
    public virtual string PairsTitle => "Which of these two goes deeper?";
    public virtual string PairsHow => "Both are about as long and, to the model, about as deep, so only you can tell. Keys 1 and 2 choose, as the left and right arrows do.";
    public virtual string PairsEmpty => "No two texts are waiting to be compared. Read a little with the extension on, and come back.";
    public virtual string PairPlace(int place) => place == 0 ? "First" : "Second";
    public virtual string PairDeeper(int place) => place == 0 ? "the first" : "the second";
    public virtual string PairKept(int place, string version) => $"Kept: {PairDeeper(place)} goes deeper. Version {version} judges now.";
}
