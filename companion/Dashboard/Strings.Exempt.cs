using Soundings.Storage;

namespace Soundings.Dashboard;

/// <summary>What the dashboard says of whom and what is never marked.</summary>
internal partial class Strings
{
    public virtual string ExemptTitle => "Never marked";
    public virtual string ExemptListHow => "Texts of these get no mark, in any browser. People are added on a mark’s card or on their page under People.";
    public virtual string ExemptNone => "Nobody and nothing is left out.";
    public virtual string ExemptAddress => "Address of a group or page";
    public virtual string ExemptAddressHow => "A Facebook group or page, or a company on LinkedIn. Of LinkedIn’s groups an item does not tell, so they cannot be left out.";
    public virtual string ExemptAdd => "Never mark it";
    public virtual string ExemptAdded(string name) => $"{name} is never marked from now on.";
    public virtual string ExemptRemoved(string name) => $"{name} is marked again.";
    public virtual string ExemptLost => "This could not be stored. Try again in a moment.";
    public virtual string ExemptNoPlace => "This is no address of a Facebook group or page, or of a company on LinkedIn. Copy it from the browser’s address bar.";
    public virtual string MarkAgain => "Mark again";
    public virtual string MarkAgainNamed(string name) => $"Mark {name} again";
    public virtual string ExemptWhat(Exempt entry) => $"{entry.What} · {Site(entry.Site)}";
    public virtual string NameOf(Exempt entry) => entry.Name.Length > 0 ? entry.Name : entry.Handle;
}
