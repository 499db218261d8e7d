namespace IdpSimulator.Expectations;

/// <summary>What of a PUT or PATCH decides its answer.</summary>
/// <param name="Active">What it says of <c>active</c>; null: nothing.</param>
/// <param name="IsPatch">A PUT may only repeat what SCIM showed.</param>
/// <param name="NamesMore">It names other attributes than <c>active</c>.</param>
/// <param name="ChangesMore">It changes one of them.</param>
public sealed record UserWrite(bool? Active, bool IsPatch, bool NamesMore, bool ChangesMore)
{
    public static UserWrite PatchActive(bool active) => new(active, IsPatch: true, NamesMore: false, ChangesMore: false);
    public static UserWrite PatchProfile(bool changes) => new(null, IsPatch: true, NamesMore: true, changes);
    public static UserWrite Put(bool? active, bool changes) => new(active, IsPatch: false, NamesMore: true, changes);
}
