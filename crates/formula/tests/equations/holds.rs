//! What holds must pass, and what is wrong by ever so little must not.

use crate::common::{
    self, differs, equation, fails, fails_with, holds, holds_with, message, noted, with_table,
};

#[test]
fn the_derivation_holds() {
    holds(r"\vtheta = \mW\T \vx + \vb");
    holds(r"\theta_k = \sum_{i=1}^{M} w_{ik} x_i + b_k");
    holds(r"\yhat_i = \frac{\exp(\theta_i)}{\sum_j \exp(\theta_j)} = \softmax_i(\vtheta)");
    holds(r"\sum_{i=1}^{3} \yhat_i = 1");
    holds(r"\pd{\yhat_i}{\theta_i} = \yhat_i \, (1 - \yhat_i)");
    holds(r"\pd{\vyhat}{\vtheta} = \diag(\vyhat) - \vyhat \vyhat\T");
    holds(r"\pd{J}{\vyhat} \, \pd{\vyhat}{\vtheta} = \pd{J}{\vtheta} = (\vyhat - \vy)\T");
    holds(r"\pd{J}{\yhat_i} = -\frac{y_i}{\yhat_i}");
    holds(r"\pd{J}{w_{ik}} = x_i \, (\yhat_k - y_k) = \pd{J}{\theta_k} \, \pd{\theta_k}{w_{ik}}");
    holds(r"\nabla_{\mW} J = \vx \, (\vyhat - \vy)\T");
    holds(r"\nabla_{\vb} J = \vyhat - \vy");
    holds(r"\nabla_{\vx} J = \mW \, (\vyhat - \vy)");
}

#[test]
fn one_wrong_sign_index_or_exponent() {
    differs(r"\pd{J}{\vtheta} = (\vyhat + \vy)\T");
    differs(r"\pd{J}{\vtheta} = (\vy - \vyhat)\T");
    differs(r"\pd{\vyhat}{\vtheta} = \diag(\vyhat) + \vyhat \vyhat\T");
    differs(r"\theta_k = \sum_i w_{ik} x_i - b_k");
    differs(r"\pd{\yhat_i}{\theta_i} = \yhat_i \, (1 - \yhat_i^2)");
    differs(r"\pd{\yhat_i}{\theta_j} = \yhat_i \, (1 - \yhat_j)");
    differs(r"\pd{J}{w_{ik}} = x_i \, (\yhat_k - y_1)");
    differs(r"\yhat_i = \frac{\sum_j \exp(\theta_j)}{\exp(\theta_i)}");
    differs(r"J = -\sum_i y_i \log \yhat_i^2");
    differs(r"\pd{J}{\yhat_i} = -\frac{\yhat_i}{y_i + 1}");
    // Indices that run through different sizes are not taken for one another.
    fails(
        r"\theta_k = \sum_i w_{ki} x_i + b_k",
        "book/page.md:4:19: (1.1): the index `k` runs to 3 for `\\theta` and to 2 for `w`, at the worked example",
    );
    // The sizes of the random points tell even where those of the example are alike.
    let square = common::TABLE.replace("K = 3", "K = 2").replace(
        "[[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]",
        "[[0.2, -0.4], [0.7, 0.3]]",
    );
    let square = square
        .replace("[0.1, -0.2, 0.3]", "[0.1, -0.2]")
        .replace("[0, 1, 0]", "[0, 1]");
    let runs = with_table(&square, "$$ \\mW\\T \\vx = \\mW\\T \\vx = \\vy \\vx\\T \\vx \\tag{1.1} $$\n$$ \\mW \\vy = \\mW \\vy \\tag{1.2} $$\n$$ \\mW \\vx = \\mW \\vx \\tag{1.3} $$\n").expect("it is read");
    assert!(
        runs[0]
            .as_ref()
            .is_err_and(|problem| problem.contains("the members differ"))
    );
    assert!(runs[1].is_ok());
    assert_eq!(
        runs[2],
        Err(
            "book/page.md:3:8: (1.3): 4 × 3 times a column of 4 has no product, at random point 1"
                .to_owned()
        )
    );
}

#[test]
fn layout_is_held_by_shapes() {
    // A gradient has the shape of its variable; a Jacobian the indices of what is differentiated
    // first.
    holds(r"(\nabla_{\vb} J)\T = \pd{J}{\vb}");
    holds(r"\pd{\vtheta}{\vx} = \mW\T");
    fails(
        r"\nabla_{\vb} J = \pd{J}{\vb}",
        "book/page.md:4:18: (1.1): a column of 3 = a row of 3: the shapes differ, at the worked example",
    );
    fails(
        r"\pd{\vtheta}{\vx} = \mW",
        "book/page.md:4:21: (1.1): 3 × 2 = 2 × 3: the shapes differ, at the worked example",
    );
    fails(
        r"\nabla_{\mW} J = (\vyhat - \vy) \, \vx\T",
        "book/page.md:4:18: (1.1): 2 × 3 = 3 × 2: the shapes differ, at the worked example",
    );
    fails(
        r"\pd{J}{\vb} = \vyhat - \vy",
        "book/page.md:4:15: (1.1): a row of 3 = a column of 3: the shapes differ, at the worked example",
    );
    holds(r"\pd{\vtheta}{u} = \vb - \vb");
    holds(r"\pd{\theta_k}{\vb} \, \vb = b_k");
}

#[test]
fn what_is_differentiated_is_compared_as_well() {
    holds(r"\pd{J}{\theta_k} = \pd{( -\sum_i y_i \log \yhat_i )}{\theta_k}");
    // What does not depend on the variable leaves the derivative as it is.
    let tex = r"\pd{( u v + p )}{u} = \pd{( u v + 2 p )}{u}";
    fails(
        tex,
        "book/page.md:4:27: (1.1): the members differ: 0 and 0.75, at the worked example",
    );
    holds_with("<!-- eq 1.1: up_to_constants = [1] -->", tex);
    assert!(message("<!-- eq 1.1: up_to_constants = [2] -->", tex).contains("the members differ"));
    // But not what does.
    let other = r"\pd{( u v + p )}{u} = \pd{( u p + p )}{u}";
    assert!(
        message("<!-- eq 1.1: up_to_constants = [1] -->", other).contains("the members differ")
    );
}

#[test]
fn an_intermediate_cuts_the_graph() {
    holds(r"\pd{J}{\vyhat} \vyhat = -\sum_i y_i");
    // By the probabilities the loss depends on them alone, by the logits through all of them.
    differs(r"\pd{J}{\yhat_i} = \pd{J}{\theta_i}");
    holds(r"\pd{\theta_k}{\yhat_i} = 0");
    holds(r"\pd{\yhat_k}{J} = 0");
}

#[test]
fn soft_labels_tell_more_than_one_hot_ones() {
    // At the worked example and at each one-hot label both hold.
    let square = r"\sum_i y_i^2 = 1";
    let found = equation(square).expect_err("labels are soft");
    assert!(found.ends_with(", at random point 2"), "{found}");
    holds_with("<!-- eq 1.1: draw = { '\\vy' = 'one-hot' } -->", square);
    holds(r"\sum_i y_i = 1");
    assert!(
        message(
            "<!-- eq 1.1: draw = { '\\vy' = 'share' } -->",
            r"\sum_i y_i = 1"
        )
        .contains("differ")
    );
    // A condition takes out the labels for which it does not hold.
    holds_with("<!-- eq 1.1: where = ['y_2 = 1'] -->", r"J = -\log \yhat_2");
    differs(r"J = -\log \yhat_1");
    assert!(message("", r"J = -\log \yhat_2").contains("random point"));
}

#[test]
fn small_numbers_are_not_nothing() {
    // The smallest of (5.9) is about 6e-50.
    fails(
        r"\exp(-114) = 0",
        "book/page.md:4:14: (1.1): the members differ: 3.093350011308561e-50 and 0, at the worked example",
    );
    fails(
        r"1 + \exp(-114) = 1",
        "book/page.md:4:18: (1.1): the members differ by 3.093350011308561e-50: 1 and 1, at the worked example",
    );
    holds(r"(1 + \exp(-114)) - 1 = \exp(-114)");
    differs(r"(1 + \exp(-114)) - 1 = \exp(-113)");
    differs(r"\log(1 + \exp(-114)) = 0");
    holds(r"\log(1 + \exp(-114)) + \log(1 - \exp(-114)) = \log(1 - \exp(-228))");
    differs(r"\exp(-700) = \exp(-701)");
    differs(r"\exp(-900) = \exp(-901)");
    fails(
        r"\exp(-900) = 0",
        "book/page.md:4:14: (1.1): the members differ: a number nearer to 0 than any f64 and 0, at the worked example",
    );
    differs(r"\exp(-300) \exp(-500) = 0");
    differs(r"\frac{\exp(-300)}{\exp(500)} = 0");
    differs(r"\exp(-300) u - \exp(-300) v = 0");
    holds(r"\exp(-300) \exp(-500) = \exp(-800)");
    holds(r"\exp(300) \exp(500) = \exp(800)");
    differs(r"\exp(800) = \exp(801)");
    // A small part of a sum is compared at the worked example, whatever stands beside it.
    differs(r"u + v \exp(-100) = u");
}

#[test]
fn large_numbers_do_not_hide_small_ones() {
    differs(r"(\exp(60) + u) - \exp(60) = v");
    holds(r"(\exp(60) + u) - \exp(60) = u");
    // With 237 bits nothing is left of it.
    let lost = r"(\exp(300) + u) - \exp(300) = u";
    fails(
        lost,
        "book/page.md:4:31: (1.1): with 237 bits its rounding is still as large as the value, at the worked example",
    );
    fails(
        r"(\exp(300) + u) - \exp(300) = v",
        "book/page.md:4:31: (1.1): with 237 bits its rounding is still as large as the value, at the worked example",
    );
}

#[test]
fn a_millionth_too_much() {
    let more = r"\frac{1000001}{1000000}";
    for member in [
        "u",
        r"\vx",
        r"\yhat_i",
        "J",
        r"\pd{\yhat_i}{\theta_j}",
        r"\exp(-80)",
        r"\sigma''(z)",
    ] {
        holds(&format!("{member} = {member}"));
        differs(&format!("{member} = {more} {member}"));
    }
    differs(r"u = u + 10^{-60}");
    differs(r"\frac{1}{3} + \frac{1}{10^{40}} = \frac{1}{3}");
}

#[test]
fn values_with_conditions_and_cases() {
    let both = |first: &str, second: &str| {
        format!(
            r"\lvert u \rvert = \begin{{cases}} u & \text{{if }} {first} \\ -u & \text{{if }} {second} \end{{cases}}"
        )
    };
    holds(&both("u > 0", r"u \le 0"));
    differs(&both(r"u \le 0", "u > 0"));
    fails(
        &both("u > 0", "u < 1"),
        "book/page.md:4:19: (1.1): 2 of the cases apply, expected one, at the worked example",
    );
    let gap = equation(&both("u > 1", "u < 0")).expect_err("there is a gap");
    assert_eq!(
        gap,
        "book/page.md:4:19: (1.1): 0 of the cases apply, expected one, at the worked example"
    );
    let never = equation(&both("u > 3", r"u \le 3")).expect_err("the first row never applies");
    assert!(never.contains("the members differ"), "{never}");
    fails(
        r"u = \begin{cases} v & u > 3 \\ u & u \le 3 \end{cases}",
        "book/page.md:4:19: (1.1): row 1 of the cases applies at no point",
    );
    // Cases inside of a definition do not count for those of the display.
    fails_with(
        "<!-- eq 1.1: set = ['    s = \\begin{cases} v & u > 0 \\\\ u & u \\le 0 \\end{cases}'] -->",
        r"s + u - s = \begin{cases} v & u > 3 \\ u & u \le 3 \end{cases}",
        "book/page.md:4:27: (1.1): row 1 of the cases applies at no point",
    );
    fails_with(
        "<!-- eq 1.1: where = ['u > 3'] -->",
        "u = u",
        "book/page.md:4:1: (1.1): its conditions hold at no point",
    );
}

#[test]
fn bounds_hold_everywhere_and_are_nearly_reached() {
    holds(r"u^2 \le u^2 + \frac{1}{1000}");
    holds(r"u \le \lvert u \rvert");
    holds(r"2 u v \le u^2 + v^2");
    holds(r"\yhat_i \, (1 - \yhat_i) \le \frac{1}{4}");
    holds(r"u \le u");
    fails(
        r"u \le v",
        "book/page.md:4:7: (1.1): the bound does not hold: 0.5 and -1.5, at the worked example",
    );
    let found = equation(r"u^2 \le 3").expect_err("it does not hold at every point");
    assert!(found.contains("the bound does not hold: "), "{found}");
    let found = equation(r"u^2 \le 100 + u^2").expect_err("it is nowhere near");
    assert!(
        found.starts_with("book/page.md:4:9: (1.1): the bound is nowhere nearer than 9"),
        "{found}"
    );
    // Each bound of a chain by itself.
    let found =
        equation(r"u^2 \le u^2 + \frac{1}{1000} \le u^2 + 100").expect_err("the second is far");
    assert!(
        found.starts_with("book/page.md:4:34: (1.1): the bound is nowhere nearer than 9"),
        "{found}"
    );
    // By less than an f64 can tell.
    fails(
        r"u + \exp(-114) \le u",
        "book/page.md:4:20: (1.1): the bound does not hold: 0.5 and 0.5, at the worked example",
    );
}

#[test]
fn approximations_are_as_good_as_they_say_and_not_better() {
    let small = |order: u32| format!("<!-- eq 1.1: small = 'h'\norder = {order} -->");
    let slope = r"\pd{\sigma(z)}{z} \approx \frac{\sigma(z + h) - \sigma(z)}{h}";
    holds_with(&small(1), slope);
    assert!(
        message(&small(2), slope).contains("the error shrinks with the power 1.00, expected 2")
    );
    let central = r"\sigma'(z) \approx \frac{\sigma(z + h) - \sigma(z - h)}{2 h}";
    holds_with(&small(2), central);
    assert!(
        message(&small(1), central).contains("the error shrinks with the power 2.00, expected 1")
    );
    assert!(
        message(
            &small(1),
            r"\sigma'(z) \approx \frac{\sigma(z + h) - \sigma(z)}{2 h}"
        )
        .contains("power 0.00, expected 1")
    );
    holds_with("", r"\exp(h) = 1 + h + \frac{h^2}{2} + O(h^3)");
    assert!(
        message("", r"\exp(h) = 1 + h + O(h^3)")
            .contains("the error shrinks with the power 2.00, expected 3")
    );
    assert!(
        message("", r"\exp(h) = 1 + h + \frac{h^2}{2} + O(h^2)")
            .contains("the error shrinks with the power 3.00, expected 2")
    );
    let large = "<!-- eq 1.1: large = 'p'\norder = 1 -->";
    holds_with(large, r"\frac{p}{p + 1} \approx 1");
    assert!(message(large, r"\frac{p}{p + 1} \approx 2").contains("power"));
    fails_with(
        &small(1),
        r"u + h \approx h + u",
        "book/page.md:5:15: (1.1): the members are equal: there is no error that shrinks, at the worked example",
    );
    fails_with(
        "<!-- eq 1.1: small = 'h' -->",
        slope,
        "book/page.md:4:27: (1.1): `\\approx` needs a note: the `order` of its error",
    );
    // It is one entry after the other that has to be near.
    let column = r"\begin{bmatrix} h \\ \frac{h}{0} \end{bmatrix} \approx \begin{bmatrix} 0 \\ \frac{h}{0} \end{bmatrix}";
    assert!(message(&small(1), column).contains("no value"));
}

#[test]
fn printed_numbers_are_those_of_a_calculator() {
    holds("u + v = -1.0 = -1.00");
    holds(r"\frac{z}{p} = \frac{0.25}{0.75} = 0.333");
    fails(
        r"\frac{z}{p} = \frac{0.25}{0.75} = 0.334",
        "book/page.md:4:35: (1.1): the value gives 0.3333333333333333, printed is 0.334, entry 1, at the worked example",
    );
    fails(
        r"\frac{z}{p} = \frac{0.25}{1.25} = 0.333",
        "book/page.md:4:15: (1.1): the value gives 0.3333333333333333, printed is 0.2, entry 1, at the worked example",
    );
    // The value is right, but nobody gets it from the digits that stand there.
    holds(r"2 \frac{z}{p} = 2 \cdot 0.333 = 0.67");
    fails(
        r"2 \frac{z}{p} = 2 \cdot 0.333 = 0.667",
        "book/page.md:4:33: (1.1): a calculator gives 0.666, printed is 0.667, entry 1, at the worked example",
    );
    holds(r"\vb = \begin{bmatrix} 0.1 \\ -0.2 \\ 0.3 \end{bmatrix}");
    fails(
        r"\vb = \begin{bmatrix} 0.1 \\ 0.2 \\ 0.3 \end{bmatrix}",
        "book/page.md:4:7: (1.1): the value gives -0.2, printed is 0.2, entry 2, at the worked example",
    );
    holds(r"J \approx 2.03");
    fails(
        r"u \le 0.7",
        "book/page.md:4:1: (1.1): beside printed numbers only `=` and `\\approx` are read",
    );
}

#[test]
fn numbers_put_in_are_those_that_the_equation_puts_in() {
    let numbers = |line: &str| {
        let text = format!(
            "$$ s = u v + p \\tag{{1.1}} $$\n\n<!-- symbols\n[[symbol]]\ntex = 's'\nis = 's = u v + p' -->\n<!-- eq 1.2: numbers = '1.1' -->\n\n$$\n{line}\n\\tag{{1.2}}\n$$\n"
        );
        common::page(&text)
            .expect("it is read")
            .pop()
            .expect("there are two")
    };
    let right = numbers(r"s = 0.5 \cdot (-1.5) + 0.75 = -0.75 + 0.75 = 0");
    assert!(right.is_ok(), "{right:?}");
    let wrong = numbers(r"s = 0.5 \cdot (-1.5) + 0.75 = -0.75 + 0.75 = 1");
    assert!(wrong.is_err(), "{wrong:?}");
    let other = numbers(r"s = 0.75 + 0.5 \cdot (-1.5) = 0.75 - 0.75 = 0");
    assert!(other.is_err(), "{other:?}");
}

#[test]
fn second_and_third_derivatives() {
    holds(r"\frac{\partial^2 J}{\partial \theta_i \, \partial \theta_j} = \pd{\yhat_i}{\theta_j}");
    differs(
        r"\frac{\partial^2 J}{\partial \theta_i \, \partial \theta_j} = -\pd{\yhat_i}{\theta_j}",
    );
    holds(r"\pd{\pd{J}{\theta_i}}{\theta_j} = \pd{\pd{J}{\theta_j}}{\theta_i}");
    holds(r"\pd{\pd{u^2 v^3}{u}}{v} = 6 u v^2");
    differs(r"\pd{\pd{u^2 v^3}{u}}{v} = \pd{\pd{u^2 v^3}{u}}{u}");
    holds(r"\sigma'''(z) = \pd{\pd{\pd{\sigma(z)}{z}}{z}}{z}");
    holds(r"\pd{\pd{\pd{u v p}{u}}{v}}{p} = 1");
    // Through a variable that itself depends on the outer one.
    holds(r"\pd{\pd{J}{\yhat_i}}{\theta_j} = \frac{y_i}{\yhat_i^2} \, \pd{\yhat_i}{\theta_j}");
}

#[test]
fn definitions_with_an_index_of_the_display_follow_it() {
    let set = "<!-- eq 1.1: set = ['s = x_i'] -->";
    holds_with(set, "x_i s = x_i^2");
    holds_with(set, r"\sum_i x_i s = \sum_i x_i^2");
    assert!(message(set, r"\sum_i x_i s = x_1 \sum_i x_i").contains("differ"));
    let through = "<!-- eq 1.1: set = ['s = x_i', 't = 2 s'] -->";
    holds_with(through, r"\sum_i x_i t + x_i t = 2 \sum_i x_i^2 + 2 x_i^2");
    holds_with(through, r"\sum_j x_j t = 2 x_i \sum_j x_j");
    holds_with(set, r"\sum_i \pd{s}{x_i} x_i = \sum_i x_i");
}

#[test]
fn definitions_beside_a_display_hold_for_it_alone() {
    let text =
        "<!-- eq 1.1: set = ['u = v'] -->\n$$ u = v \\tag{1.1} $$\n\n$$ u = v \\tag{1.2} $$\n";
    let runs = common::page(text).expect("it is read");
    assert!(runs[0].is_ok(), "{runs:?}");
    assert!(runs[1].is_err(), "{runs:?}");
    holds_with("<!-- eq 1.1: set = ['u = v']\nuntil = 1 -->", "u = v = v");
    assert!(message("<!-- eq 1.1: set = ['u = v']\nuntil = 1 -->", "u = v = u").contains("differ"));
    assert!(message("<!-- eq 1.1: set = ['u = v']\nafter = 1 -->", "u = v = u").contains("differ"));
}

#[test]
fn what_is_held_by_a_proof_is_not_executed() {
    let report = noted(
        "<!-- eq 1.1: proof = 'an eigenvalue has no formula' -->",
        r"u = \foo(",
    );
    assert_eq!(
        report,
        Ok("1.1: proof: an eigenvalue has no formula".to_owned())
    );
}

#[test]
fn a_report_says_what_was_done() {
    assert_eq!(
        equation(r"\sum_i x_i = \vx\T \vx - \vx\T \vx + \sum_i x_i"),
        Ok(
            "1.1: executed: 2 members, 2 to 5 inputs, at the worked example and 100 random points"
                .to_owned()
        )
    );
    assert_eq!(
        equation(r"x_1 = x_1 = x_1"),
        Ok(
            "1.1: executed: 3 members, 2 inputs, at the worked example and 100 random points"
                .to_owned()
        )
    );
    assert_eq!(
        noted("<!-- eq 1.1: at = 'example' -->", "u + v = -1"),
        Ok("1.1: executed: 2 members, at the worked example".to_owned())
    );
}
