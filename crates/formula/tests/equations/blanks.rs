//! Lines with blanks, in MathML.

use formula::{Book, Line, Page};

use crate::common::{PAGE, TABLE};

/// The lines of a page of displays, in their order.
fn lines(text: &str, tags: &[&str]) -> Result<Vec<Line>, String> {
    let no_file = |file: &str| Err(format!("{file}: no such file"));
    let page = Page::parse(PAGE, text, no_file).map_err(|problem| problem.to_string())?;
    let book = Book::new(TABLE, vec![page]).map_err(|problem| problem.to_string())?;
    book.lines(tags).map_err(|problem| problem.to_string())
}

/// MathML without its tags.
fn bare(mathml: &str) -> String {
    let pieces = mathml
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect()
}

const LOGITS: &str = r"
$$ \theta_k = w_{1k} \, x_1 + w_{2k} \, x_2 + b_k \tag{1.1} $$
$$ \yhat_i = \frac{\exp(\theta_i)}{\exp(\theta_1) + \exp(\theta_2) + \exp(\theta_3)} \tag{1.2} $$
$$ \nabla_{\vtheta} J = \vyhat - \vy \tag{1.3} $$
";

#[test]
fn each_index_has_a_line_with_places_for_what_is_known() {
    let lines = lines(LOGITS, &["1.1", "1.2", "1.3"]).unwrap();
    assert_eq!(lines.len(), 3 + 3 + 1);
    let second = &lines[1];
    assert_eq!(bare(&second.left), "θ2");
    assert_eq!(bare(&second.symbols), "w12x1+w22x2+b2");
    assert_eq!(
        bare(&second.put),
        r"⟦\mW#1⟧·⟦\vx#0:factor⟧⟦\mW#4:term⟧·⟦\vx#1:factor⟧⟦\vb#1:term⟧"
    );
    let terms = second.terms.as_deref().unwrap();
    assert_eq!(
        bare(terms),
        r"⟦w_{12} \, x_1#0⟧⟦w_{22} \, x_2#0:term⟧⟦\vb#1:term⟧"
    );
    assert_eq!(second.result, r"⟦\vtheta#1⟧");

    let share = &lines[3];
    assert!(share.put.starts_with("<mfrac>") && share.terms.is_none());
    assert!(share.put.contains(r"⟦\vtheta#2⟧"), "{}", share.put);

    let gradient = &lines[6];
    assert_eq!(bare(&gradient.left), "∇θJ");
    assert_eq!(
        bare(&gradient.put),
        r"⟦\vyhat#0⟧⟦\vyhat#1⟧⟦\vyhat#2⟧−⟦\vy#0⟧⟦\vy#1⟧⟦\vy#2⟧"
    );
    assert_eq!(gradient.put.matches("<mtr>").count(), 6);
}

#[test]
fn what_holds_for_one_label_alone_is_left_out() {
    let loss = r"
$$ \yhat_i = \frac{\exp(\theta_i)}{\sum_j \exp(\theta_j)} \tag{1.1} $$

<!-- eq 1.2: set = ['\vy = \begin{bmatrix} 0 \\ 1 \\ 0 \end{bmatrix}']
after = 1 -->

$$ J = -( y_1 \log \yhat_1 + y_2 \log \yhat_2 + y_3 \log \yhat_3 ) = -\log \yhat_2 \tag{1.2} $$
";
    let lines = lines(loss, &["1.2"]).unwrap();
    assert_eq!(bare(&lines[0].symbols), "−(y1logŷ1+y2logŷ2+y3logŷ3)");
    assert!(lines[0].put.contains(r"⟦\vy#2:term⟧"), "{}", lines[0].put);
}

#[test]
fn what_cannot_be_written_is_refused() {
    assert_eq!(
        lines(LOGITS, &["1.9"]).unwrap_err(),
        "book/symbols.toml:1:1: (1.9) is no equation of the book"
    );
    let maximum = r"$$ u + \max_k \theta_k = \max_k (\theta_k + u) \tag{1.1} $$";
    let problem = lines(maximum, &["1.1"]).unwrap_err();
    assert!(problem.starts_with("book/page.md:1:"), "{problem}");
    assert!(problem.contains("no MathML is written for"), "{problem}");
}
