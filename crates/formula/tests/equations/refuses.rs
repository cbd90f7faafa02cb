//! What is refused: each with the page, the line, the column and the reason. Nothing here may
//! panic, hang or pass.

use std::fmt::Write as _;
use std::fs;

use crate::common::{self, TABLE, equation, fails, fails_with, holds, noted, page, with_table};
use formula::{Book, Page};

/// What is said of a member without a value.
const NO_VALUE: &str = "no value: a division by 0, the logarithm or root of what is not positive, \
    a derivative at a kink, or a number too large or small to be written";

/// Demands that an equation fails at a column of its first line, at the worked example.
fn fails_there(tex: &str, column: usize, message: &str) {
    let problem = format!("book/page.md:4:{column}: (1.1): {message}, at the worked example");
    fails(tex, &problem);
}

/// Demands that an equation cannot be read, from a column of its first line on.
fn unread(tex: &str, column: usize, message: &str) {
    fails(tex, &format!("book/page.md:4:{column}: (1.1): {message}"));
}

/// Demands that a page cannot be read.
fn unread_page(text: &str, problem: &str) {
    assert_eq!(page(text), Err(problem.to_owned()), "{text}");
}

#[test]
fn brackets_that_do_not_match() {
    fails(
        "u = (v",
        "book/page.md:5:1: (1.1): expected `)`, found the end",
    );
    fails(
        r"u = \frac{v}{p",
        "book/page.md:5:1: (1.1): expected `}`, found the end",
    );
    unread("u = v)", 6, "expected an expression, found `)`");
    unread("u = v}", 6, "expected an expression, found `}`");
    unread("u = [v)", 7, "expected `]`, found `)`");
    unread(
        r"u = \lvert v \rVert",
        14,
        r"expected `\rvert`, found `\rVert`",
    );
    unread(
        r"u = \begin{bmatrix} v \end{cases}",
        27,
        "expected `bmatrix`, found `cases`",
    );
    unread(
        r"u = \begin{aligned} v \end{aligned}",
        5,
        "the environment `aligned` is not read",
    );
    fails(
        r"\begin{aligned} u = v",
        "book/page.md:5:1: (1.1): expected `\\end`, found the end",
    );
}

#[test]
fn commands_and_signs_that_are_not_known() {
    unread(r"u = \sin v", 5, r"the command `\sin` is not known");
    unread(
        r"u = \operatorname{sgn}(v)",
        5,
        "`sgn` is no known function",
    );
    unread("u = v!", 6, "`!` is not read in a formula");
    unread("u = v²", 6, "`²` is not read in a formula");
    unread("u = |v|", 5, "expected an expression, found `|`");
    unread("u := v", 3, "expected an expression, found `:`");
    unread(r"u = v \# p", 7, r"the command `\#` is not known");
    // At the end of a line it is a space.
    holds("u + u = \\\n2 u");
    unread(r"\log_3 u = v", 1, "only the logarithm to base 2 is read");
    unread(r"\sqrt[4]{u} = v", 1, "only square and cube roots are read");
    unread(r"u = 3 \cdot -v", 13, "expected an expression, found `-`");
    unread("u = v^-", 7, "expected an argument, found `-`");
    unread("= u", 1, "a relation without a member before it");
    unread(r"\sum x_i = u", 6, "expected `_`, found `x`");
    unread(r"\sum_{i=0}^M x_i = u", 1, "a sum begins at 1");
    unread(r"\sum_{i=1} x_i = u", 12, "expected `^`, found `x`");
    unread(r"w_{} = u", 6, "expected an index, found `=`");
    unread(r"x_0 = u", 3, "an index counts from 1");
}

#[test]
fn statements_that_state_nothing() {
    fails("", "book/page.md:3:3: (1.1): the display states nothing");
    unread("u", 1, "a single member states nothing");
    unread("u = u, p", 8, "a single member states nothing");
    unread("u < p", 1, "this relation is read in conditions alone");
    unread(r"u \ne p", 1, "this relation is read in conditions alone");
    unread(r"u = u \quad (u = v)", 1, "its conditions hold at no point");
    unread(
        r"p \approx q",
        11,
        r"`\approx` needs a note: what goes to 0 (`small`) or grows (`large`)",
    );
}

#[test]
fn symbols_and_indices_that_are_not_known() {
    let unknown =
        |name: &str| format!("the symbol `{name}` is not in the table, nor declared by the page");
    fails_there("u = s", 5, &unknown("s"));
    fails_there("u = u'", 5, &unknown("u'"));
    fails_there(r"u = \hat{u}", 5, &unknown(r"\hat{u}"));
    let unknown = |name: &str, indices: usize| {
        format!(
            "the symbol `{name}` with {indices} indices is not in the table, nor declared by the page"
        )
    };
    fails_there("u = w_1", 5, &unknown("w", 1));
    fails_there("u = w_{123}", 5, &unknown("w", 3));
    fails_there(r"u = \vx_{12}", 5, &unknown(r"\vx", 2));
    fails_there(
        r"J = \pd{J}{s}",
        12,
        r"the symbol `s` is not in the table, nor declared by the page",
    );
    fails_there(
        r"J = \pd{J}{(u + v)}",
        13,
        "expected a symbol or an entry of one",
    );
}

#[test]
fn indices_that_run_nowhere_or_too_far() {
    fails_there(r"\sum_i u = u", 1, "nothing tells how far `i` runs");
    fails_there(
        r"\sum_i \sum_i x_i = u",
        1,
        "nothing tells how far `i` runs",
    );
    fails_there(
        "x_i y_i = u",
        5,
        "the index `i` runs to 2 for `x` and to 3 for `y`",
    );
    fails_there(
        r"\sum_i x_i y_i = u",
        12,
        "the index `i` runs to 2 for `x` and to 3 for `y`",
    );
    // The end that is written does not decide between the two.
    fails_there(
        r"\sum_{i=1}^{2} x_i y_i = u",
        20,
        "the index `i` runs to 2 for `x` and to 3 for `y`",
    );
    fails_there("x_3 = u", 1, "`x` has no entry 3: it ends at 2");
    fails_there("w_{32} = u", 1, "`w` has no entry 3: it ends at 2");
    fails_there(
        r"\softmax_3(u, v) = u",
        1,
        r"`\softmax` has no entry 3 here",
    );
    fails_there(
        r"\sum_{i=1}^{3} x_i = u",
        1,
        "the sum ends at 3, but `i` runs to 2",
    );
    fails_there(
        r"\sum_{i=1}^{K} x_i = u",
        1,
        "the sum ends at 3, but `i` runs to 2",
    );
    fails_there(
        r"\sum_{i=1}^{u} x_i = u",
        13,
        "a sum ends at a whole number or at a count",
    );
    fails_there(
        r"\sum_{i=1}^{999999999} x_i = u",
        1,
        "the sum ends at 999999999, but `i` runs to 2",
    );
    fails_there(
        r"\sum_{i=1}^{999999999} u = u",
        1,
        "more than 20000 entries or terms",
    );
    let many = "b_a b_c b_d b_e b_f b_g b_h b_i b_j b_k = u";
    fails(
        many,
        "book/page.md:4:1: (1.1): more than 20000 entries or terms",
    );
    // Kronecker's delta has no size of its own.
    let delta = "<!-- symbols\n[[symbol]]\ntex = '\\delta'\n-->";
    fails_with(
        delta,
        r"\delta_{ij} = \delta_{ji}",
        "book/page.md:7:1: (1.1): nothing tells how far `i` runs, at the worked example",
    );
    common::holds_with(delta, r"\sum_j \delta_{ij} b_j = b_i");
}

#[test]
fn shapes_that_do_not_fit() {
    fails_there(
        r"\vx + u = \vx",
        1,
        "a column of 2 plus a number: the shapes differ",
    );
    fails_there(
        r"\vx - \vy = \vx",
        1,
        "a column of 2 less a column of 3: the shapes differ",
    );
    fails_there(
        r"\vx \vx = u",
        5,
        "a column of 2 times a column of 2 has no product",
    );
    fails_there(
        r"\mW \vx = \vy",
        5,
        "2 × 3 times a column of 2 has no product",
    );
    fails_there(
        r"\vx \odot \vy = \vx",
        11,
        "a column of 2 times a column of 3 has no product",
    );
    fails_there(
        r"\vx = \vx\T",
        7,
        "a column of 2 = a row of 2: the shapes differ",
    );
    fails_there(r"\mW = \mW\T", 7, "2 × 3 = 3 × 2: the shapes differ");
    fails_there(
        r"\langle \vx, \vy \rangle = u",
        1,
        "no inner product of a column of 2 and a column of 3",
    );
    fails_there(
        r"\langle \vx\T, \vx\T \rangle = u",
        1,
        "no inner product of a row of 2 and a row of 2",
    );
    fails_there(r"\lVert \mW \rVert = u", 1, "the norm of 2 × 3");
    fails_there(
        r"\diag(\vx\T) = \mW",
        1,
        "`diag` takes a column, found a row of 2",
    );
    fails_there(
        r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix} = u",
        26,
        "a row of 1 below one of 2",
    );
    fails_there(
        r"\begin{bmatrix} \end{bmatrix} = u",
        1,
        "a matrix of nothing",
    );
    fails_there(
        r"\begin{bmatrix} \vx \\ u \end{bmatrix} = u",
        17,
        "expected a number, found a column of 2",
    );
}

#[test]
fn a_vector_where_a_number_is_due() {
    let column = "expected a number, found a column of 2";
    fails_there(r"\log \vx = \vx", 1, column);
    fails_there(r"\sqrt{\vx} = \vx", 1, column);
    fails_there(r"\vx^2 = \vx", 1, column);
    fails_there(r"2^{\vx} = u", 4, column);
    fails_there(r"\frac{u}{\vx} = u", 10, column);
    fails_there(r"\max(u, \vx) = u", 9, column);
    fails_there(r"\lvert \vx \rvert = u", 1, column);
    fails_there(r"(u, \vx) = (u, v)", 5, column);
    fails_there(r"\softmax(u, \vx) = \vyhat", 13, column);
    fails_there(
        r"\begin{cases} u & \vx = u \\ v & u \ne u \end{cases} = u",
        19,
        column,
    );
    fails_there(
        r"\nabla_{u} u^2 = 2 u",
        1,
        r"`\nabla` is by a vector or a matrix; by a number, write `\partial`",
    );
    fails_there(
        r"\nabla_{\vb} \vyhat = \vyhat",
        1,
        "a gradient is of one number",
    );
    fails_there(r"\vx\T \le \vx\T", 11, "only numbers are bounded");
    fails_there(
        r"\softmax = \vyhat",
        1,
        r"`\softmax` is a function, and stands here without its argument",
    );
    fails_there(r"\sigma(u, v) = u", 1, "`\\sigma` takes 1, found 2");
}

#[test]
fn what_has_no_value_is_equal_to_nothing() {
    for member in [
        r"\frac{1}{0}",
        r"\frac{u}{u - u}",
        r"\frac{0}{0}",
        r"\log 0",
        r"\log(-1)",
        r"\log_2(u - u)",
        r"\operatorname{log1p}(-2)",
        r"\sqrt{-p}",
        r"(-p)^{\frac{1}{2}}",
        r"0^{-1}",
        r"p^{1000000}",
        r"(2 p)^{-9999999}",
        r"\exp(1000000)",
        r"\exp(-1000000)",
        r"\exp(\exp(\exp(\exp(\exp(p)))))",
        r"\max(u, \log(-1))",
        r"\max(\log(-1), u)",
        r"\max_k \log(y_k - y_k)",
        r"\log(-1)^0",
        r"0 \log 0",
        r"0 \cdot \frac{1}{0}",
        r"\lvert \log(-1) \rvert",
        r"\pd{\lvert u \rvert}{u} \log(-1)",
        r"\pd{\sqrt{u - u}}{p}\pd{\sqrt{u^2 - u^2}}{u}",
        r"\sum_k \log(-y_k)",
    ] {
        // Not to itself, nor to anything else, nor within a bound.
        for (relation, other) in [
            ("=", member),
            ("=", "5"),
            ("=", "0"),
            (r"\le", "5"),
            (r"\le", member),
        ] {
            let tex = format!("{member} {relation} {other}");
            let column = tex.chars().count() - other.chars().count() + 1;
            let at = tex.len() - other.len() + 1;
            assert_eq!(at, column);
            let found = equation(&tex).expect_err(&tex);
            assert!(found.contains(NO_VALUE), "{tex}: {found}");
            assert!(
                found.starts_with(&format!("book/page.md:4:{at}:")) || relation == r"\le",
                "{found}"
            );
        }
        // Beside a printed number neither.
        let tex = format!("{member} = 0.5");
        let found = equation(&tex).expect_err(&tex);
        assert!(found.contains("gives"), "{tex}: {found}");
        // In one entry of a column it spoils the column.
        let column = |one: &str| format!(r"\begin{{bmatrix}} 1 \\ {one} \end{{bmatrix}}");
        let tex = format!("{} = {}", column(member), column(member));
        let found = equation(&tex).expect_err(&tex);
        assert!(found.contains(NO_VALUE), "{tex}: {found}");
        // Nor does an error of it shrink.
        let note = "<!-- eq 1.1: small = 'h'\norder = 1 -->";
        let tex = format!(
            r"{} \approx {}",
            column(&format!("{member} + h")),
            column(member)
        );
        assert!(noted(note, &tex).is_err(), "{tex}");
    }
}

#[test]
fn a_kink_has_no_derivative() {
    holds(r"\pd{\max(u, v)}{u} + \pd{\max(u, v)}{v} = 1");
    fails_there(r"\pd{\max(u, u^2 + u - u^2)}{u} = 1", 34, NO_VALUE);
    fails_there(r"\pd{\lvert v - v^2 / v \rvert}{v} = 0", 37, NO_VALUE);
    // What does not depend on the variable has the derivative 0 all the same.
    holds(r"\pd{(\lvert p - p \rvert + u)}{u} = 1");
    holds(r"\pd{(\lVert \vx - \vx \rVert + u)}{u} = 1");
}

#[test]
fn a_definition_by_itself() {
    let set = |is: &str| format!("<!-- eq 1.1: set = ['{is}'] -->");
    fails_with(
        &set("u = u + 1"),
        "u = v",
        "book/page.md:4:1: (1.1): in the definition of `u`: `u` is defined by itself, at the worked example",
    );
    fails_with(
        &set(r"u = \pd{u}{v}"),
        "v = u",
        "book/page.md:4:5: (1.1): in the definition of `u`: `u` is defined by itself, at the worked example",
    );
    fails_with(
        &set(r"u = v', 'v = 2 u"),
        "p = p v",
        "book/page.md:4:7: (1.1): in the definition of `v`: in the definition of `u`: `v` is defined by itself, at the worked example",
    );
    fails_with(
        &set("s(z) = s(z - 1)"),
        "s(u) = u",
        "book/page.md:4:1: (1.1): in the definition of `s`: `s` is a function, and stands here without its argument, at the worked example",
    );
    // A function that was declared before.
    fails_with(
        "<!-- symbols\n[[symbol]]\ntex = 's'\nis = 's(z) = s(z - 1)' -->",
        "s(u) = u",
        "book/page.md:7:1: (1.1): in the definition of `s`: `s` is defined by itself, at the worked example",
    );
    // What is only used before it is set is no circle.
    common::holds_with("<!-- symbols\nset = ['s = t', 't = 2 u'] -->", "s = 2 u");
}

/// Symbols of which each is defined by the next.
fn chain(length: usize, definition: impl Fn(&str, &str) -> String) -> String {
    let name = |place: usize| {
        let letter = char::from(b'a' + (place % 26) as u8);
        match place / 26 {
            0 => format!(r"\bar{{{letter}}}"),
            1 => format!(r"\check{{{letter}}}"),
            _ => format!(r"\dot{{{letter}}}"),
        }
    };
    let mut symbols = "<!-- symbols\n".to_owned();
    for place in 0..length {
        let (one, next) = (name(place), name(place + 1));
        let next = if place + 1 == length { "u" } else { &next };
        let _ = writeln!(
            symbols,
            "[[symbol]]\ntex = '{one}'\nis = '{}'",
            definition(&one, next)
        );
    }
    symbols + "-->"
}

#[test]
fn definitions_that_go_too_deep() {
    let short = chain(20, |one, next| format!("{one} = {next} + 1"));
    common::holds_with(&short, r"\bar{a} = u + 20");
    common::holds_with(&short, r"\pd{\bar{a}}{u} = 1");
    let long = chain(70, |one, next| format!("{one} = {next} + 1"));
    let line = 2 + 3 * 70 + 3;
    fails_with(
        &long,
        r"\bar{a} = u + 70",
        &format!(
            "book/page.md:{line}:1: (1.1): in the definition of `\\bar{{a}}`: nested too deep, with the definitions that it uses, at the worked example"
        ),
    );
    let bracketed = format!("{}{{}}{}", "(".repeat(18), ")".repeat(18));
    let thick = chain(20, |one, next| {
        format!(
            "{one} = {}",
            bracketed.replace("{}", &format!("{next} + 1"))
        )
    });
    let found = noted(&thick, r"\pd{\bar{a}}{u} = 1").expect_err("it is too deep");
    assert!(
        found
            .ends_with("nested too deep, with the definitions that it uses, at the worked example"),
        "{found}"
    );
}

#[test]
fn what_takes_too_long() {
    // Twice as long with each definition.
    let double = |length: usize| {
        chain(length, |one, next| match next {
            "u" => format!("{one}(z) = z"),
            next => format!("{one}(z) = {next}(z) + {next}(z)"),
        })
    };
    let found = noted(&double(24), r"\bar{a}(u) = u").expect_err("it takes too long");
    assert!(
        found.ends_with("this takes too long to compute, at the worked example"),
        "{found}"
    );
    let third = r"\pd{\pd{\pd{J}{\mW}}{\mW}}{\mW}";
    let found = equation(&format!("{third} = {third}")).expect_err("it takes too long");
    assert!(found.contains("this takes too long to compute"), "{found}");
    let rows = "u = u \\\\\n".repeat(2000);
    let found = equation(&rows).expect_err("it takes too long");
    assert!(found.contains("this takes too long to compute"), "{found}");
}

#[test]
fn derivatives_of_derivatives_of_derivatives() {
    fails_there(
        r"\pd{\pd{\pd{\pd{J}{\vb}}{\vb}}{\vb}}{\vb} = u",
        13,
        "at most the third derivative is taken",
    );
    fails_there(
        r"\sigma''''(z) = u",
        1,
        "in the definition of `\\sigma`: at most the third derivative is taken",
    );
    holds(r"\pd{\sigma''(z)}{z} = \sigma'''(z)");
}

#[test]
fn nesting_ten_thousand_deep() {
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{} = u", open.repeat(depth), close.repeat(depth))
    };
    for (open, inner, close, depth, column) in [
        ("(", "u", ")", 9_000, 21),
        ("{", "u", "}", 9_000, 21),
        ("[", "u", "]", 9_000, 21),
        (r"\exp(", "u", ")", 3_000, 101),
        (r"\frac1{", "u", "}", 2_000, 141),
        (r"\sqrt{", "u", "}", 2_000, 121),
        (r"\mathbf{", "u", "}", 2_000, 313),
        (r"\underbrace{", "u", "}_{u}", 1_000, 241),
        (r"\begin{bmatrix}", "u", r"\end{bmatrix}", 700, 301),
        (r"\sum_i ", "x_i", "", 2_000, 141),
        (r"\max_i ", "x_i", "", 2_000, 141),
        (r"\sigma(", "u", ")", 2_000, 92),
    ] {
        let tex = nested(open, inner, close, depth);
        unread(&tex, column, "nested more than 40 deep");
    }
    unread(
        &nested("-", "u", "", 9_000),
        2,
        "expected an expression, found `-`",
    );
    unread(
        &nested("", "u", "^2", 9_000),
        4,
        "a second exponent: write brackets",
    );
    unread(&nested("", r"\vx", r"\T", 9_000), 8, "transposed twice");
    unread(
        &nested("", "u", "/2", 9_000),
        4,
        "a product behind `/` can be read in two ways: write brackets",
    );
    // What stands side by side is not nested.
    holds(&format!("{}u = 2001 u", "u + ".repeat(2_000)));
    let digits = "1".repeat(9_000);
    unread(
        &format!("u = {digits}"),
        5,
        &format!("`{digits}` is too large to be exact, at the worked example"),
    );
}

#[test]
fn long_displays() {
    let bytes = 1 << 20;
    let tex = format!("u = {}v", "u + ".repeat(bytes / 4));
    let found = equation(&tex);
    let message = format!(
        "the formula has {} bytes, expected at most 20000",
        bytes + 5 + "\n\\tag{1.1}\n".len() + 1
    );
    assert_eq!(found, Err(format!("book/page.md:3:3: (1.1): {message}")));
    let lines = "u = u\n".repeat(bytes / 6);
    assert!(
        equation(&lines)
            .expect_err("it is long")
            .contains("expected at most 20000")
    );
    let row = ["1"; 1000].join(" & ");
    let column = ["1"; 1000].join(r" \\ ");
    let matrix = |entries: &str| format!(r"\begin{{bmatrix}} {entries} \end{{bmatrix}}");
    holds(&format!("{} {} = 1000", matrix(&row), matrix(&column)));
    let outer = equation(&format!("{} {} = 1", matrix(&column), matrix(&row)));
    assert!(
        outer
            .expect_err("it is large")
            .contains("more than 20000 entries or terms")
    );
}

#[test]
fn numbers_that_are_not_exact() {
    holds("9007199254740991 + 1 = 9007199254740991 - (-1)");
    fails_there(
        "9007199254740993 = 9007199254740992",
        1,
        "`9007199254740993` is too large to be exact",
    );
}

#[test]
fn notes_that_cannot_be_read() {
    let display = "\n$$\nu = u\n\\tag{1.1}\n$$\n";
    let noted = |note: &str| format!("{note}\n{display}");
    unread_page(
        &noted("<!-- eq 1.2: where = ['i'] -->"),
        "book/page.md:1:1: the note is for (1.2), which is no equation of this page",
    );
    unread_page(
        &noted("<!-- eq 1.1: were = ['i'] -->"),
        "book/page.md:1:1: the note cannot be read: unknown field `were`, expected one of `where`, `set`, `draw`, `sizes`, `at`, `from`, `up_to_constants`, `until`, `after`, `small`, `large`, `order`, `numbers`, `decimals`, `proof`",
    );
    unread_page(
        &noted("<!-- eq 1.1 -->"),
        "book/page.md:1:1: expected `<!-- eq 3.10: … -->`",
    );
    unread_page(
        &noted("<!--eq 1.1: order = 'x'-->"),
        "book/page.md:1:1: the note cannot be read: invalid type: string \"x\", expected u32",
    );
    unread_page(
        &noted("<!-- eq 1.1: order = 1 -->\n<!-- eq 1.1: order = 1 -->"),
        "book/page.md:2:1: a second note for (1.1)",
    );
    unread_page(
        &noted("<!-- eq 1.1: set = ['u = 1']"),
        "book/page.md:1:1: the note has no end",
    );
    unread_page(
        &noted("<!-- symbols\n[[symbol]]\ntex = 's'\nshpe = ['K'] -->"),
        "book/page.md:4:1: the note cannot be read: unknown field `shpe`, expected one of `tex`, `entry`, `row`, `meaning`, `shape`, `rust`, `type`, `section`, `see`, `is`, `of`, `sample`, `witness`",
    );
    let beside = |note: &str, message: &str| {
        let found = page(&noted(note)).expect("the page is read");
        let message = format!("book/page.md:3:3: (1.1): in the note beside it: {message}");
        assert_eq!(found, [Err(message)], "{note}");
    };
    beside(
        "<!-- eq 1.1: where = ['i'] -->",
        "expected a relation, found the end",
    );
    beside(
        "<!-- eq 1.1: where = ['u = '] -->",
        "expected an expression, found the end",
    );
    beside(
        "<!-- eq 1.1: where = ['u = \\'] -->",
        "the command `\\` is not known",
    );
    beside(
        "<!-- eq 1.1: set = ['u'] -->",
        "expected `name = …`, found `u`",
    );
    beside(
        "<!-- eq 1.1: set = ['u + v = 1'] -->",
        "`u + v = 1` defines no name",
    );
    beside(
        "<!-- eq 1.1: set = ['x_1 = 1'] -->",
        "`x_1 = 1` defines one entry only",
    );
    beside(
        "<!-- eq 1.1: draw = { s = 'share' } -->",
        "`s` is no symbol",
    );
}

#[test]
fn notes_that_ask_for_what_is_not_there() {
    fails_with(
        "<!-- eq 1.1: at = 'nowhere' -->",
        "u = u",
        "book/page.md:3:3: (1.1): `nowhere` is no point of the table",
    );
    fails_with(
        "<!-- eq 1.1: where = ['s = 1'] -->",
        "u = u",
        "book/page.md:3:3: (1.1): the symbol `s` is not in the table, nor declared by the page, at the worked example",
    );
    fails_with(
        "<!-- eq 1.1: sizes = { K = 1000000000, M = 1000000000 } -->",
        r"\vb - \vb = \vtheta - \vtheta",
        "book/page.md:4:1: (1.1): more than 20000 entries or terms, at the worked example",
    );
}

#[test]
fn pages_that_cannot_be_read() {
    unread_page(
        "# Page\n\n$$\nu = v\n",
        "book/page.md:3:1: the display has no end",
    );
    unread_page("$$", "book/page.md:1:1: the display has no end");
    unread_page(
        "$$\nu = v\n$$\n",
        "book/page.md:3:1: the display has no tag",
    );
    unread_page("$$ u = v $$", "book/page.md:1:1: the display has no tag");
    unread_page(
        "$$ u = v \\tag{1.1 $$",
        "book/page.md:1:1: the display has no tag",
    );
    unread_page(
        "```rust\nlet u = 1;\n",
        "book/page.md:1:1: the block of code has no end",
    );
    unread_page(
        "~~~\n```\n",
        "book/page.md:1:1: the block of code has no end",
    );
    unread_page(
        "Here: $$ u = v \\tag{1.1} $$",
        "book/page.md:1:1: a display stands in lines of its own",
    );
    unread_page(
        "> $$\n> u = v\n> $$\n",
        "book/page.md:1:1: a display stands in lines of its own",
    );
    let twice = "$$ u = u \\tag{1.1} $$\n\n$$ u = v \\tag{1.1} $$\n";
    unread_page(twice, "book/page.md:3:1: a second equation (1.1)");
    // Two displays, of which the first has lost its end, are one that has no meaning.
    let runs = page("$$\nu = u\n\\tag{1.1}\n\nText.\n\n$$\nu = u\n\\tag{1.2}\n$$\n");
    assert!(!matches!(runs.as_deref(), Ok([Ok(_), ..])), "{runs:?}");
}

#[test]
fn files_that_are_no_text_or_not_there() {
    let folder = std::env::temp_dir().join(format!("formula-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("symbols.toml"), TABLE).unwrap();
    fs::write(folder.join("bad.md"), b"$$ u = \xff \\tag{1.1} $$").unwrap();
    let found = Page::read(&folder, "bad.md").map_err(|problem| problem.to_string());
    assert_eq!(
        found.err().as_deref(),
        Some("book/bad.md:1:1: stream did not contain valid UTF-8")
    );
    let found = Page::read(&folder, "none.md").map_err(|problem| problem.to_string());
    assert!(found.err().unwrap().starts_with("book/none.md:1:1: "));
    let found = Book::read(&folder).map_err(|problem| problem.to_string());
    assert!(found.err().unwrap().starts_with("book/SUMMARY.md:1:1: "));
    fs::write(folder.join("symbols.toml"), b"\xff").unwrap();
    let found = Book::of(&folder, &[]).map_err(|problem| problem.to_string());
    assert_eq!(
        found.err().as_deref(),
        Some("book/symbols.toml:1:1: stream did not contain valid UTF-8")
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn tables_that_cannot_be_read() {
    let table = |rows: &str, message: &str| {
        let found = with_table(&format!("[sizes]\nK = 3\n{rows}"), "");
        assert_eq!(found, Err(format!("book/symbols.toml:{message}")), "{rows}");
    };
    table("[[symbol]]\nshape = ['K']\n", "3:1: missing field `tex`");
    table(
        "[[symbol]]\ntex = 's'\nsample = 'some'\n",
        "5:1: unknown variant `some`, expected one of `any`, `positive`, `share`, `distribution`, `label`, `one-hot`",
    );
    table(
        "[[symbol]]\ntex = 's + t'\n",
        "1:1: symbol `s + t`: `s + t` is no name",
    );
    table(
        "[[symbol]]\ntex = 's'\nis = 't = 1'\n",
        "1:1: symbol `s`: the definition is of `t`, expected `s`",
    );
    table(
        "[[symbol]]\ntex = 's'\n[[symbol]]\ntex = 's'\n",
        "1:1: symbol `s`: `s` is declared twice",
    );
    table(
        "[[symbol]]\ntex = 's'\nentry = 'e'\nshape = ['K']\n[[symbol]]\ntex = 't'\nentry = 'e'\nshape = ['K']\n",
        "1:1: symbol `t`: `e` with 1 indices is declared twice",
    );
    table(
        "[points.example]\ns = 'one'\n",
        "1:1: point `example`: `\"one\"` is no number, column or matrix",
    );
    table(
        "[points.example]\ns = [[1, 2], [3]]\n",
        "1:1: point `example`: `[[1, 2], [3]]` is no number, column or matrix",
    );
    let found = with_table(
        TABLE,
        "<!-- symbols\n[[symbol]]\ntex = 's'\nis = 's = \\foo'\n-->\n$$ u = u \\tag{1.1} $$\n",
    );
    assert_eq!(
        found,
        Err(
            "book/page.md:1:1: in its symbols: symbol `s`: the command `\\foo` is not known"
                .to_owned()
        )
    );
}

#[test]
fn a_definition_that_does_not_have_its_shape() {
    let symbols = |is: &str| {
        format!(
            "<!-- symbols\n[[symbol]]\ntex = '\\mathbf{{s}}'\nentry = 's'\nshape = ['M']\nis = '{is}'\n-->"
        )
    };
    fails_with(
        &symbols(r"\mathbf{s} = \vb"),
        r"\mathbf{s} = \vb",
        r"book/page.md:10:1: (1.1): in the definition of `\mathbf{s}`: found a column of 3, declared is 2, at the worked example",
    );
    fails_with(
        &symbols(r"\mathbf{s} = \mW"),
        r"\mathbf{s} = \mW",
        r"book/page.md:10:1: (1.1): in the definition of `\mathbf{s}`: found 2 × 3, declared is 2, at the worked example",
    );
    common::holds_with(&symbols(r"\mathbf{s} = \vx"), "s_i = x_i");
}
