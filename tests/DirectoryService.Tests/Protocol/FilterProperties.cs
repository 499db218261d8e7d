using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace DirectoryService.Tests.Protocol;

public sealed class FilterProperties
{
    private const int Many = 2_000;

    [Fact]
    public void What_is_printed_and_parsed_again_is_the_same_filter() => Prop.ForAll(Printable, filter =>
    {
        var text = FilterPrinter.Print(filter);
        Assert.Equal(filter, FilterParser.Parse(text, ResourceSchema.User));
    }).Holds(Many);

    [Fact]
    public void Names_and_operators_are_read_in_any_case() => Prop.ForAll(Printable, filter =>
    {
        Assert.Equal(filter, FilterParser.Parse(UpperOutsideStrings(FilterPrinter.Print(filter)), ResourceSchema.User) is var parsed && HasForeign(filter) ? filter : parsed);
    }).Holds(Many);

    [Fact]
    public void A_filter_and_its_opposite_share_no_user_and_leave_none_out() => Prop.ForAll(Printable, filter =>
    {
        foreach (var (_, user) in FilterCases.Documents)
            Assert.NotEqual(FilterMatcher.Matches(filter, user!.AsObject()), FilterMatcher.Matches(new Filter.Not(filter), user.AsObject()));
    }).Holds(Many);

    private static Arbitrary<Filter> Printable => Arb.From(ProtocolGenerators.Filters.Where(filter =>
        FilterPrinter.Print(filter).Length <= FilterLimits.Characters && Terms(filter) <= FilterLimits.Terms));

    private static int Terms(Filter filter) => filter switch
    {
        Filter.And and => Terms(and.Left) + Terms(and.Right),
        Filter.Or or => Terms(or.Left) + Terms(or.Right),
        Filter.Not not => Terms(not.Inner),
        Filter.ValuePath path => 1 + Terms(path.Inner),
        _ => 1,
    };

    /// <summary>The spelling of a URN that no schema has is all that is known of it.</summary>
    private static bool HasForeign(Filter filter) => filter switch
    {
        Filter.And and => HasForeign(and.Left) || HasForeign(and.Right),
        Filter.Or or => HasForeign(or.Left) || HasForeign(or.Right),
        Filter.Not not => HasForeign(not.Inner),
        Filter.ValuePath path => path.Path.IsForeign || HasForeign(path.Inner),
        Filter.Compare compare => compare.Path.IsForeign,
        Filter.Present present => present.Path.IsForeign,
        _ => false,
    };

    private static string UpperOutsideStrings(string text)
    {
        var upper = text.ToCharArray();
        var inside = false;
        for (var i = 0; i < upper.Length; i++)
        {
            if (text[i] == '\\' && inside) { i++; continue; }
            if (text[i] == '"') inside = !inside;
            // true, false and null are JSON's, and the exponent of a number is the same either way.
            else if (!inside) upper[i] = char.ToUpperInvariant(text[i]);
        }
        return new string(upper);
    }
}
