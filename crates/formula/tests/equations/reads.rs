//! What is read, and how: each equation here holds in one reading alone.

use crate::common::{differs, equation, fails, holds, holds_with, page};

/// What a page of one display says, its lines as they stand.
fn lines(display: &str) -> String {
    let runs = page(display).unwrap_or_else(|problem| vec![Err(problem)]);
    let said = runs
        .into_iter()
        .map(|run| run.unwrap_or_else(|problem| problem));
    said.collect::<Vec<_>>().join("\n")
}

#[test]
fn side_by_side_binds_tighter_than_entrywise_and_kronecker_products() {
    // The other way round the shapes do not fit.
    holds(r"\mW\T \vx \odot \vb = (\mW\T \vx) \odot \vb");
    holds(r"\vb \odot \mW\T \vx + \vb = (\vb \odot (\mW\T \vx)) + \vb");
    holds(r"\vx\T \vx \otimes \vb = (\vx\T \vx) \vb");
    holds(r"2 u \div 4 v = \frac{2 u}{4 v}");
}

#[test]
fn a_sum_takes_the_whole_term_behind_it() {
    holds(r"\sum_i x_i u = u \sum_i x_i");
    holds(r"\sum_i x_i \cdot x_i = \vx\T \vx");
    holds(r"\sum_k \vb \odot y_k \vy = \vb \odot \sum_k y_k \vy");
    holds(r"\sum_i x_i + u = u + \sum_i x_i");
    differs(r"\sum_i x_i + u = \sum_i (x_i + u)");
    holds(r"u \sum_i x_i \sum_k b_k = u \, \Big( \sum_i x_i \Big) \Big( \sum_k b_k \Big)");
}

#[test]
fn a_maximum_takes_the_whole_term_behind_it() {
    holds(r"\max_k y_k p = p \, \max_k y_k");
    holds(r"\max_k \theta_k - u = -u + \max_k \theta_k");
    holds(r"\max(u, v, p) = \max(p, \max(v, u))");
}

#[test]
fn a_logarithm_takes_one_factor() {
    holds(r"\log p q = q \, (\log p)");
    differs(r"\log p q = \log(p q)");
    holds(r"\log p^2 = 2 \log p");
    holds(r"\log(p)^2 = (\log p)^2");
    holds(r"\log^2 p = (\log p)^2");
    holds(r"\log \frac{p}{q} = \log p - \log q");
    holds(r"\log_2 p = \frac{\log p}{\log 2}");
    holds(r"\operatorname{log1p}(p) = \log(1 + p)");
}

#[test]
fn a_minus_takes_the_whole_term() {
    holds(r"-u^2 = -(u^2)");
    differs(r"-u^2 = (-u)^2");
    holds(r"-u v + p = p - u v");
    holds(r"+ u = u");
}

#[test]
fn powers_and_fractions() {
    holds(r"u^2 = u \, u");
    holds(r"p^{-2} = \frac{1}{p p}");
    holds(r"p^{\frac{1}{2}} = \sqrt{p}");
    holds(r"\sqrt[3]{p}^3 = p");
    holds(r"10^{-1} = \frac{1}{10}");
    holds(r"u v / p = \frac{u v}{p}");
    holds(r"u / p + v = v + \frac{u}{p}");
    holds(r"\frac12 u = u / 2");
    holds(r"\tfrac{1}2 u = \dfrac 1 2 u");
    holds(r"u^0 = 1");
    holds(r"\exp(u) = \exp(v) \exp(u - v)");
    holds(r"\tanh u = \frac{\exp(u) - \exp(-u)}{\exp(u) + \exp(-u)}");
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    fails(
        "u / 2 v = u",
        "book/page.md:4:7: (1.1): a product behind `/` can be read in two ways: write brackets",
    );
    fails(
        "u / 2 / 2 = u",
        "book/page.md:4:7: (1.1): a product behind `/` can be read in two ways: write brackets",
    );
    fails(
        r"1\,234 = u",
        r"book/page.md:4:4: (1.1): two numbers side by side: write `\cdot` between them",
    );
    fails("u^12 = u", "book/page.md:4:3: (1.1): `12` needs braces");
    fails(
        r"\frac123 = u",
        "book/page.md:4:6: (1.1): `123` needs braces",
    );
    fails(
        "u^2^2 = u",
        "book/page.md:4:4: (1.1): a second exponent: write brackets",
    );
    fails(
        r"\vx\T\T = \vx",
        "book/page.md:4:9: (1.1): transposed twice",
    );
    fails("w_12 = u", "book/page.md:4:3: (1.1): `12` needs braces");
}

#[test]
fn indices_are_letters_and_digits() {
    holds("w_{12} = w_{1,2}");
    holds("w_{i 2} = w_{i,2}");
    holds(r"\sum_{i=1}^{2} x_i = x_1 + x_2");
    holds(r"\sum_{i=1}^M x_i = \sum_i x_i");
    holds(r"\sum_{j \ne i} y_j = \sum_j y_j - y_i");
    holds(r"\sum_{j \ne 2} y_j = \sum_j y_j - y_2");
    // An index may stand as the number that it is.
    holds(r"\sum_{i=1}^{2} i x_i = x_1 + 2 x_2");
    // Each index that no sum binds runs through all that it can.
    holds("w_{ij} = w_{ij}");
    differs("w_{ij} w_{i1} = w_{ij} w_{i2}");
}

#[test]
fn names_have_accents_primes_and_marks() {
    let symbols = r#"<!-- symbols
set = ['\hat{u} = 2 u', 'u^{+} = 3 u', 'u^* = 4 u', 'u^{(s)} = 5 u']
[[symbol]]
tex = '\mathbf{\bar{X}}'
entry = '\bar{x}'
shape = ['N', 'M']
[[symbol]]
tex = "u'"
is = "u' = 6 u"
[[symbol]]
tex = "x'"
entry = "x'"
shape = ['M']
is = "x'_i = 7 x_i"
[[symbol]]
tex = 'u_s'
is = 'u_s = 8 u'
-->"#;
    holds_with(
        symbols,
        r"\hat{u} = 2 u , \quad u^{+} = 3 u , \quad u^* = 4 u",
    );
    holds_with(
        symbols,
        r"u^{*} = 4 u , \quad u^{(s)} = 5 u , \quad u_s = 8 u",
    );
    holds_with(
        symbols,
        r"u' = 6 u , \quad x'_i = 7 x_i , \quad x_i' = 7 x_i",
    );
    holds_with(symbols, r"\bar{x}_{ni} = \bar{x}_{ni}");
    holds_with(symbols, r"\boldsymbol{\bar{X}} = \mathbf{\bar{X}}");
}

#[test]
fn a_prime_of_a_function_is_its_derivative() {
    holds(r"\sigma'(z) = \sigma(z) \, (1 - \sigma(z))");
    holds(r"\sigma' = \sigma(z) \, (1 - \sigma(z))");
    holds(r"\sigma'(u v) = \sigma(u v) \, \sigma(-u v)");
    holds(r"\sigma''(z) = \pd{\sigma'(z)}{z}");
    differs(r"\sigma'(z) = \sigma''(z)");
}

#[test]
fn functions_of_numbers_run_through_the_entries_of_a_vector() {
    holds(r"\sigma(\vx)\T \vx = \sum_i \sigma(x_i) x_i");
    holds(r"\softmax(\vtheta) = \vyhat");
    holds(r"\softmax_1(u, v) = \sigma(u - v)");
    holds(r"\softmax_i(\vb) = \frac{\exp(b_i)}{\sum_k \exp(b_k)}");
}

#[test]
fn what_changes_the_look_alone_is_passed() {
    holds(r"\big( u + v \Bigr) \, p = \left( u p \; + \: v p \right)~.");
    holds("u % a remark, $ and § in it\n+ v = v + u");
    holds(r"\displaystyle \sum\limits_i x_i = \sum\nolimits_i x_i");
    holds(r"{\small u + u} = 2 u");
}

#[test]
fn rows_and_statements() {
    let rows =
        "\\begin{aligned}\nu + u\n  &= 2 u \\\\[1ex]\n  &= u \\cdot 2 \\\\\nv &= v\n\\end{aligned}";
    assert_eq!(
        equation(rows),
        Ok("1.1: executed: 5 members, at the worked example and 100 random points".to_owned())
    );
    holds(r"\begin{gathered} u + u = 2 u \\ v + v = 2 v \end{gathered}");
    holds(r"u + u = 2 u , \qquad v + v = 2 v .");
    holds(r"u + u = 2 u \quad \text{and} \quad v + v = 2 v");
    // The second statement is executed as the first is.
    fails(
        r"u + u = 2 u , \qquad v + v = 3 v",
        "book/page.md:4:30: (1.1): the members differ: -3 and -4.5, at the worked example",
    );
    fails(
        "\\begin{aligned}\nu &= u \\\\\n &= v\n\\end{aligned}",
        "book/page.md:6:5: (1.1): the members differ: 0.5 and -1.5, at the worked example",
    );
    // A sum that goes on in the next row would be cut off there.
    fails(
        "\\begin{aligned}\nu + v &= u \\\\\n &\\quad + v\n\\end{aligned}",
        "book/page.md:5:10: (1.1): the members differ: -1 and 0.5, at the worked example",
    );
}

#[test]
fn conditions_in_the_display_and_beside_it() {
    let off_diagonal = r"\pd{\yhat_i}{\theta_j} = -\yhat_i \yhat_j";
    holds(&format!(r"{off_diagonal} \quad (i \ne j)"));
    holds_with(r"<!-- eq 1.1: where = ['i \ne j'] -->", off_diagonal);
    differs(off_diagonal);
    holds(r"y_k = y_k , \quad k \in \{ 1, 2, 3 \}");
    fails(
        r"y_k = y_k , \quad k \in \{ 1, 2 \}",
        "book/page.md:4:25: (1.1): `k` runs through [1, 2, 3], found [1, 2]",
    );
    fails(
        r"u = u \quad (v)",
        "book/page.md:4:15: (1.1): expected a relation, found `)`",
    );
    holds(
        r"\begin{cases} u & \text{if } u \le v \\ v & \text{if } u > v \end{cases} = -\max(-u, -v)",
    );
    holds(
        r"\begin{cases} u & -1 \le u \le 1 \\ 0 & u < -1 \text{ or } u > 1 \end{cases} = \begin{cases} 0 & u < -1 \text{ or } u > 1 \\ u & -1 \le u \le 1 \end{cases}",
    );
}

#[test]
fn matrices_products_norms_and_pairs() {
    holds(r"\begin{bmatrix} x_1 \\ x_2 \end{bmatrix} = \vx");
    holds(r"\begin{bmatrix} x_1 & x_2 \end{bmatrix} = \vx\T = \vx^{\mathsf{T}} = \vx^\mathsf{T}");
    holds(r"\langle \vx, \vx \rangle = \vx\T \vx = \lVert \vx \rVert^2 = \sum_i x_i^2");
    holds(r"\mathbf{X}\T \mathbf{X} = \sum_n \vx_n \vx_n\T");
    holds(r"\diag(\vb) \, \vy = \vb \odot \vy");
    holds(r"\lvert u \rvert = \sqrt{u^2}");
    holds(r"(u, v) \, (p, q) = (u p, \; u q + v p)");
    holds(r"\exp \big( (u, v) \big) = \big( \exp(u), \; v \exp(u) \big)");
    holds(r"\underbrace{u + u}_{\text{twice } 2 u} = 2 u");
    fails(
        r"\underbrace{u + u}_{3 u} = 2 u",
        "book/page.md:4:21: (1.1): the members differ: 1 and 1.5, at the worked example",
    );
}

#[test]
fn derivatives_short_and_long() {
    holds(r"\pd{u^2 v}{u} = 2 u v");
    holds(r"\frac{\partial u^2 v}{\partial u} = 2 u v");
    holds(r"\frac{\partial}{\partial u} \, u^2 v = 2 u v");
    holds(r"\frac{\partial^2 u^2 v}{\partial u \, \partial v} = 2 u");
    holds(r"\frac{\partial^3 u^3 v}{\partial u^2 \, \partial v} = 6 u");
    // The letter alone is no sign of a derivative.
    fails(
        r"\frac{d}{d u} \, u^2 = 2 u",
        "book/page.md:4:10: (1.1): the symbol `d` is not in the table, nor declared by the page, at the worked example",
    );
    fails(
        r"\frac{\partial^2 u}{\partial u} = 0",
        "book/page.md:4:1: (1.1): the derivative is of order 2 above and 1 below",
    );
    fails(
        r"\frac{\partial^4 u}{\partial u^4} = 0",
        "book/page.md:4:16: (1.1): at most the third derivative is taken",
    );
}

#[test]
fn displays_begin_anywhere_and_say_where_they_are_wrong() {
    assert_eq!(
        lines("Text.\n\n$$ u = v \\tag{2.1} $$\n"),
        "book/page.md:3:8: (2.1): the members differ: 0.5 and -1.5, at the worked example"
    );
    assert_eq!(
        lines("$$ u\n    = v\n  \\tag{2.1} $$\n"),
        "book/page.md:2:7: (2.1): the members differ: 0.5 and -1.5, at the worked example"
    );
    assert_eq!(
        lines("- item:\n\n  $$\n  \\tag{2.1}\n  u = v $$\r\n"),
        "book/page.md:5:7: (2.1): the members differ: 0.5 and -1.5, at the worked example"
    );
    // Columns count characters, not bytes.
    assert_eq!(
        lines("$$\nu \\quad \\text{and} \\quad v é = v\n\\tag{2.1}\n$$\n"),
        "book/page.md:2:28: (2.1): `é` is not read in a formula"
    );
}

#[test]
fn includes_are_read_where_they_stand() {
    assert_eq!(
        lines("$$\nu = {{#include half.txt}}\n\\tag{2.1}\n$$\n"),
        "2.1: executed: 2 members, at the worked example"
    );
    assert_eq!(
        lines("$$ u = {{#include half.txt}} \\tag{2.1} $$\n"),
        "2.1: executed: 2 members, at the worked example"
    );
    // What an include brings in is at the line that includes it.
    assert_eq!(
        lines("$$\nu\n= {{#include two.txt}}\n= u\n\\tag{2.1}\n$$\n"),
        "book/page.md:3:3: (2.1): the members differ: 0.5 and -1, at the worked example"
    );
    assert_eq!(
        lines("$$\nu = {{#include none.txt}}\n\\tag{2.1}\n$$\n"),
        "book/page.md:2:7: (2.1): what is included here cannot be read"
    );
    assert_eq!(
        lines("$$\nu = {{#include none.txt\n\\tag{2.1}\n$$\n"),
        "book/page.md:2:1: an include without its end"
    );
}

#[test]
fn only_displays_are_read() {
    let text =
        "`$$` and $u = v$.\n\n````text\n```\n$$\nu = v\n$$\n`````\n\n~~~\n$$\n~~~\n\n<!-- $$ -->\n";
    // The comment holds dollars outside of a span of code.
    assert_eq!(
        page(text),
        Err("book/page.md:14:1: a display stands in lines of its own".to_owned())
    );
    let text = text.replace("<!-- $$ -->", "$$\nu = u\n\\tag{1.1}\n$$");
    assert_eq!(page(&text).map(|runs| runs.len()), Ok(1));
}
