//! Numbers, vectors and matrices as LaTeX.

use mdbook_cells::tex;

#[test]
fn numbers_factors_and_terms() {
    assert_eq!(tex::number(-1.1, 2), "-1.10");
    assert_eq!(tex::number(-0.0, 2), "0.00");
    assert_eq!(tex::number(-0.004, 2), "0.00");
    assert_eq!(tex::factor(1.1, 1), "1.1");
    assert_eq!(tex::factor(-1.1, 1), "(-1.1)");
    assert_eq!(tex::term(0.1, 1), "+ 0.1");
    assert_eq!(tex::term(-0.1, 1), "- 0.1");
}

#[test]
fn fractions_are_in_lowest_terms() {
    assert_eq!(tex::fraction(-13, 6), r"-\frac{13}{6}");
    assert_eq!(tex::fraction(4, -6), r"-\frac{2}{3}");
    assert_eq!(tex::fraction(-4, -6), r"\frac{2}{3}");
    assert_eq!(tex::fraction(0, -6), "0");
    assert_eq!(tex::fraction(12, 6), "2");
}

#[test]
fn vectors_and_matrices() {
    assert_eq!(
        tex::column([1.0, -2.0], 1),
        r"\begin{bmatrix} 1.0 \\ -2.0 \end{bmatrix}"
    );
    assert_eq!(
        tex::row([1.0, -2.0].iter(), 0),
        r"\begin{bmatrix} 1 & -2 \end{bmatrix}"
    );
    assert_eq!(
        tex::matrix([[1.0, 2.0], [3.0, 4.0]], 0),
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    );
}
