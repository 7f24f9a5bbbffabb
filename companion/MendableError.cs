namespace Soundings;

/// <summary>
/// An error the user can mend: its message names the cause and the next step in one sentence.
/// <see cref="Program"/> prints it on stderr and leaves with exit code 2.
/// </summary>
internal class MendableError(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The database is there (or was) and cannot be read: <see cref="Storage.Recovery"/> may know a way back.</summary>
internal sealed class DamagedException(string message, Exception? inner = null) : MendableError(message, inner);
