namespace Soundings;

/// <summary>
/// An error the user can mend: its message names the cause and the next step in one sentence.
/// <see cref="Program"/> prints it on stderr and leaves with exit code 2.
/// </summary>
internal sealed class MendableError(string message, Exception? inner = null) : Exception(message, inner);
