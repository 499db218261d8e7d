using System.Globalization;
using DirectoryService.Protocol.Filters;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryService.Storage;

/// <summary>
/// As much of a filter as columns and indexes can answer, as a condition with parameters only. It never loses a row that
/// the filter selects. Where <see cref="IsExact"/> is false it may let others through, and <see cref="FilterMatcher"/>
/// has the last word on each row; so SQL and memory cannot select different rows.
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

    /// <param name="columns">By the path as the schema spells it.</param>
    /// <param name="reserved">Parameters of the statement before those of the filter.</param>
    internal static SqlFilter Translate(Filter? filter, IReadOnlyDictionary<string, FilterColumn> columns, int reserved)
    {
        var values = new List<FilterParameter>();
        var (sql, exact) = filter is null ? ("true", true) : Walk(filter);
        return new SqlFilter(sql, exact, values);

        (string Sql, bool Exact) Walk(Filter part)
        {
            switch (part)
            {
                case Filter.And and:
                    var (left, right) = (Walk(and.Left), Walk(and.Right));
                    return ($"({left.Sql} AND {right.Sql})", left.Exact && right.Exact);
                case Filter.Or or:
                    (left, right) = (Walk(or.Left), Walk(or.Right));
                    return ($"({left.Sql} OR {right.Sql})", left.Exact && right.Exact);
                case Filter.Not not:
                    // The opposite of "perhaps" is "perhaps".
                    var inner = Walk(not.Inner);
                    return inner.Exact ? ($"(NOT coalesce({inner.Sql}, false))", true) : ("true", false);
                case Filter.Present { Path.IsAbsent: true } or Filter.ValuePath { Path.IsAbsent: true }:
                    return ("false", true);
                case Filter.Compare { Path.IsAbsent: true } compare:
                    return (compare.Operator == (compare.Value.Kind == FilterValueKind.Null ? CompareOperator.Eq : CompareOperator.Ne) ? "true" : "false", true);
                case Filter.Compare compare:
                    return columns.TryGetValue(compare.Path.ToString(), out var column) && Condition(column, compare) is { } condition ? condition : ("true", false);
                case Filter.ValuePath path:
                    // What one element must satisfy, some element does.
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
