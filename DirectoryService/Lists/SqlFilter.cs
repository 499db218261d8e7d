using System.Globalization;
using DirectoryService.Protocol.Filters;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryService.Lists;

/// <summary>
/// Translates the parts of a filter that columns and indexes support to an SQL condition with parameters. The condition never
/// misses a row that the filter selects. If <see cref="IsExact"/> is false it may select more rows, and <see
/// cref="FilterMatcher"/> decides about each of them; so both forms select the same rows.
/// </summary>
internal sealed class SqlFilter
{
    private readonly List<FilterParameter> values;

    private SqlFilter(string sql, bool isExact, List<FilterParameter> values) => (Sql, IsExact, this.values) = (sql, isExact, values);

    internal string Sql { get; }
    internal bool IsExact { get; }

    /// <summary>How many parameters <see cref="Bind"/> adds.</summary>
    internal int Count => values.Count;

    internal void Bind(NpgsqlParameterCollection parameters)
    {
        foreach (var value in values) parameters.Add(new NpgsqlParameter { NpgsqlDbType = value.Type, Value = value.Value });
    }

    /// <param name="columns">Filter columns by attribute path in the schema's spelling.</param>
    /// <param name="reserved">Number of the statement's parameters before those of the filter.</param>
    internal static SqlFilter Translate(Filter? filter, IReadOnlyDictionary<string, FilterColumn> columns, int reserved)
    {
        var values = new List<FilterParameter>();
        var (sql, exact) = filter is null ? ("true", true) : Translate(filter);
        return new SqlFilter(sql, exact, values);

        (string Sql, bool Exact) Translate(Filter part)
        {
            switch (part)
            {
                case Filter.And and:
                    var (left, right) = (Translate(and.Left), Translate(and.Right));
                    return ($"({left.Sql} AND {right.Sql})", left.Exact && right.Exact);
                case Filter.Or or:
                    (left, right) = (Translate(or.Left), Translate(or.Right));
                    return ($"({left.Sql} OR {right.Sql})", left.Exact && right.Exact);
                case Filter.Not not:
                    // The negation of an inexact condition cannot narrow the rows.
                    var inner = Translate(not.Inner);
                    return inner.Exact ? ($"(NOT coalesce({inner.Sql}, false))", true) : ("true", false);
                case Filter.Present { Path.IsAbsent: true } or Filter.ValuePath { Path.IsAbsent: true }:
                    return ("false", true);
                case Filter.Compare { Path.IsAbsent: true } compare:
                    return (compare.Operator == (compare.Value.Kind == FilterValueKind.Null ? CompareOperator.Eq : CompareOperator.Ne) ? "true" : "false", true);
                case Filter.Compare compare:
                    return columns.TryGetValue(compare.Path.ToString(), out var column) && Condition(column, compare) is { } condition ? condition : ("true", false);
                case Filter.ValuePath path:
                    // Inexact: the condition is that some element satisfies each part, not one element all parts.
                    return (WithinElement(path.Path.ToString(), path.Inner), false);
                default:
                    return ("true", false);
            }
        }

        string WithinElement(string owner, Filter part) => part switch
        {
            Filter.And and => $"({WithinElement(owner, and.Left)} AND {WithinElement(owner, and.Right)})",
            Filter.Or or => $"({WithinElement(owner, or.Left)} OR {WithinElement(owner, or.Right)})",
            Filter.Compare compare when columns.TryGetValue($"{owner}.{compare.Path}", out var column) && Condition(column, compare) is { } condition => condition.Sql,
            _ => "true",
        };

        (string Sql, bool Exact)? Condition(FilterColumn column, Filter.Compare compare)
        {
            if (compare.Value.Kind == FilterValueKind.Null) return null;
            if (column.Condition(compare.Operator, compare.Value.Text) is not { } condition) return null;
            var names = condition.Parameters.Select((_, index) => "$" + (reserved + values.Count + index + 1)).ToArray<object>();
            values.AddRange(condition.Parameters);
            return (string.Format(CultureInfo.InvariantCulture, condition.Sql, names), !condition.Narrows);
        }
    }
}

internal readonly record struct FilterParameter(NpgsqlDbType Type, object Value);
