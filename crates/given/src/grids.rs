//! Products of matrices, drawn to size: a cell for each entry.

use std::fmt::Write;

use ndarray::Array2;

const WIDTH: usize = 52;
const HEIGHT: usize = 28;
const GAP: usize = 40;
const TOP: usize = 30;

/// A matrix under a name. The row or column that is `marked` is framed.
pub struct Grid<'a> {
    /// The letter, in SVG.
    pub name: &'a str,
    /// The entries.
    pub entries: &'a Array2<f64>,
    /// The row (axis 0) or the column (axis 1) that belongs to the first example.
    pub marked: Option<usize>,
}

/// Draws `left · right = product`, one line for each triple, as one SVG.
pub fn products(id: &str, title: &str, description: &str, lines: &[[Grid<'_>; 3]]) -> String {
    let (mut body, mut y, mut width) = (String::new(), 0, 0);
    for line in lines {
        let rows = line.iter().map(|grid| grid.entries.nrows()).max();
        let height = rows.unwrap_or(0) * HEIGHT;
        let mut x = 2;
        for (grid, sign) in line.iter().zip(["·", "=", ""]) {
            let size = grid.entries.ncols() * WIDTH;
            let top = y + TOP + (height - grid.entries.nrows() * HEIGHT) / 2;
            draw(&mut body, grid, x, top);
            x += size + GAP;
            let middle = y + TOP + height / 2 + 6;
            let at = x - GAP / 2;
            let _ = writeln!(
                body,
                r#"<text x="{at}" y="{middle}" font-size="20">{sign}</text>"#
            );
        }
        width = width.max(x - GAP + 2);
        y += TOP + height + 16;
    }
    format!(
        r#"<svg class="plot" viewBox="0 0 {width} {y}" role="img" aria-labelledby="{id}-title {id}-description" xmlns="http://www.w3.org/2000/svg">
<title id="{id}-title">{title}</title>
<desc id="{id}-description">{description}</desc>
<g fill="currentColor" font-family="sans-serif" font-size="13" text-anchor="middle">
{body}</g>
</svg>
"#
    )
}

/// A grid with its name and its shape above.
fn draw(body: &mut String, grid: &Grid<'_>, x: usize, y: usize) {
    let (rows, columns) = grid.entries.dim();
    let (width, height) = (columns * WIDTH, rows * HEIGHT);
    let (middle, above) = (x + width / 2, y - 9);
    let mut lines = String::new();
    for row in 0..=rows {
        let _ = write!(lines, "M{x} {} h{width} ", y + row * HEIGHT);
    }
    for column in 0..=columns {
        let _ = write!(lines, "M{} {y} v{height} ", x + column * WIDTH);
    }
    let _ = writeln!(
        body,
        r#"<text x="{middle}" y="{above}" font-size="15"><tspan font-weight="bold">{}</tspan>, {rows} × {columns}</text>
<path d="{}" fill="none" stroke="currentColor" stroke-width="1"/>"#,
        grid.name,
        lines.trim_end()
    );
    let frame = match grid.marked {
        Some(0) => Some((width, HEIGHT)),
        Some(_) => Some((WIDTH, height)),
        None => None,
    };
    if let Some((width, height)) = frame {
        let _ = writeln!(
            body,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="var(--links)" stroke-width="3"/>"#
        );
    }
    for ((row, column), entry) in grid.entries.indexed_iter() {
        let (x, y) = (
            x + column * WIDTH + WIDTH / 2,
            y + row * HEIGHT + HEIGHT / 2 + 5,
        );
        let number = format!("{entry:.2}").replace('-', "−");
        let _ = writeln!(body, r#"<text x="{x}" y="{y}">{number}</text>"#);
    }
}

#[test]
fn a_product_has_a_cell_for_each_entry() {
    let (a, b) = (Array2::zeros((4, 2)), Array2::from_elem((2, 3), -0.5));
    let grid = |name, entries, marked| Grid {
        name,
        entries,
        marked,
    };
    let product = a.dot(&b);
    let line = [
        grid("A", &a, Some(0)),
        grid("B", &b, Some(1)),
        grid("C", &product, None),
    ];
    let svg = products("id", "title", "description", &[line]);
    assert_eq!(svg.matches("</text>").count(), 8 + 6 + 12 + 3 + 3);
    assert_eq!(svg.matches("−0.50").count(), 6);
    assert_eq!(svg.matches("<rect").count(), 2);
    assert!(svg.contains("4 × 2") && svg.contains("2 × 3") && svg.contains("4 × 3"));
}
