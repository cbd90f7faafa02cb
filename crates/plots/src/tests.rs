use super::{Axis, Error, Figure, Framed, Graph, Matrices, Simplex};

/// A curve's points and the marks' points: no random numbers, spread over the plane.
fn spread(count: usize, turn: f64) -> Vec<(f64, f64)> {
    let place = |k: usize| {
        let along = (k as f64 + 1.0) / count as f64;
        let angle = 4.5 * along + turn + 0.3 * (17.0 * k as f64).sin();
        (along * angle.cos(), along * angle.sin())
    };
    (0..count).map(place).collect()
}

fn winding(x: f64, y: f64) -> usize {
    let turn = (y.atan2(x) - 4.5 * x.hypot(y)).rem_euclid(std::f64::consts::TAU);
    (turn / 2.1) as usize % 3
}

/// 342 points in three sets, and their regions.
fn plane() -> Figure {
    Figure::new(
        "plane",
        "Three spirals",
        "Points of three classes, and the regions in which a network puts them.",
        Axis::linear("x₁").from_to(-1.6, 1.6),
        Axis::linear("x₂").from_to(-1.2, 1.2),
    )
    .regions(winding)
    .points("class 1", &spread(114, 0.0))
    .points("class 2", &spread(114, 2.1))
    .points("class 3", &spread(114, 4.2))
}

fn curves() -> Figure {
    let curve = |f: fn(f64) -> f64| -> Vec<(f64, f64)> {
        (0..=52)
            .map(|k| 10_f64.powf(-13.0 + 0.25 * f64::from(k)))
            .map(|h| (h, f(h)))
            .collect()
    };
    Figure::new(
        "steps",
        "Error and step",
        "The error of central differences falls with the square of the step, then rises.",
        Axis::logarithmic("step h"),
        Axis::logarithmic("largest error, in nats per unit"),
    )
    .line("central differences", &curve(|h| 0.2 * h * h + 2e-17 / h))
    .line("forward differences", &curve(|h| 0.4 * h + 3e-17 / h))
    .line("complex step", &curve(|h| 0.1 * h * h + 1e-17))
    .dashed("h²", &curve(|h| h.max(1e-9).powi(2)))
    .points("measured", &[(1e-5, 1e-11), (1e-3, 3e-7)])
}

fn loss() -> Figure {
    let losses: Vec<_> = (0..=100)
        .map(f64::from)
        .map(|k| (k, 1.1 * (-0.03 * k).exp() + 0.08))
        .collect();
    let other: Vec<_> = losses
        .iter()
        .map(|&(k, j)| (k, 0.8 * j + 0.02 * (0.3 * k).sin()))
        .collect();
    Figure::new(
        "loss",
        "The loss while it learns",
        "Two falling curves.",
        Axis::linear("step"),
        Axis::linear("mean loss in nats"),
    )
    .line("training", &losses)
    .line("test", &other)
}

/// Writes the figures where a browser can be pointed at them: `cargo test -p plots -- --ignored`.
#[test]
#[ignore = "writes files to look at"]
fn samples() {
    let to = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/plots");
    std::fs::create_dir_all(&to).unwrap();
    for (name, figure) in [("plane", plane()), ("curves", curves()), ("loss", loss())] {
        std::fs::write(to.join(name).with_extension("svg"), figure.svg().unwrap()).unwrap();
    }
}

/// The elements are closed in the order in which they were opened, no attribute comes twice, and
/// no `<` or bare `&` stands in a text.
fn well_formed(svg: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some((text, tail)) = rest.split_once('<') {
        let (tag, after) = tail.split_once('>').ok_or("a tag without an end")?;
        let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
        let bare = |s: &str| entities.iter().fold(s.to_owned(), |s, e| s.replace(e, ""));
        if bare(text).contains(['&', '>']) || bare(tag).contains(['&', '<']) {
            return Err(format!("not escaped: {text}<{tag}>"));
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        if let Some(closed) = tag.strip_prefix('/') {
            if open.pop() != Some(closed) {
                return Err(format!("</{closed}> closes something else"));
            }
        } else {
            let values: Vec<_> = tag.split('"').collect();
            let mut names: Vec<_> = values.iter().step_by(2).map(|n| n.trim()).collect();
            let given = names.len();
            names.sort_unstable();
            names.dedup();
            if values.len() % 2 == 0 || names.len() != given {
                return Err(format!("attributes: <{tag}>"));
            }
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = after;
    }
    if open.is_empty() && rest.trim().is_empty() {
        Ok(())
    } else {
        Err(format!("open at the end: {open:?}"))
    }
}

fn all() -> [Figure; 3] {
    [plane(), curves(), loss()]
}

#[test]
fn the_same_figure_has_the_same_bytes() {
    for (one, other) in all().iter().zip(all()) {
        assert_eq!(one.svg().unwrap(), other.svg().unwrap());
    }
}

#[test]
fn a_figure_is_one_well_formed_element_that_fits_a_page() {
    for figure in all() {
        let svg = figure.svg().unwrap();
        assert_eq!(well_formed(&svg), Ok(()));
        assert_eq!(svg.matches("<svg").count(), 1);
        assert!(svg.starts_with("<svg class=\"plot\" viewBox=\"0 0 750 440\" role=\"img\" "));
        assert!(svg.lines().all(|line| !line.trim().is_empty()));
        let (root, _) = svg.split_once('>').unwrap();
        assert!(!root.contains(" width=") && !root.contains(" height="));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
    assert_ne!(well_formed("<svg><g></svg></g>"), Ok(()));
    assert_ne!(well_formed("<svg>a & b</svg>"), Ok(()));
}

#[test]
fn no_colour_of_its_own_and_nothing_from_elsewhere() {
    for figure in all() {
        let svg = figure.svg().unwrap();
        let svg = svg.replacen("xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
        for strange in ["http", "rgb", "<script", "<style", "<image", "href", "kuva"] {
            assert!(!svg.contains(strange), "{strange}");
        }
        for paint in ["fill=\"", "stroke=\""] {
            for painted in svg.split(paint).skip(1) {
                let colour = painted.split('"').next().unwrap();
                let known = ["none", "currentColor", "var(--fg)"].contains(&colour);
                assert!(known || colour.starts_with("var(--series-"), "{colour}");
            }
        }
    }
}

#[test]
fn a_plane_of_342_points_has_at_most_60_kilobytes() {
    let svg = plane().svg().unwrap();
    // Each mark once, and one in the legend.
    for shape in ["a3.6 3.6 0 1 0 7.2 0", "m0-4.6l", "m-3.4-3.4h"] {
        assert_eq!(svg.matches(shape).count(), 115);
    }
    assert!(svg.len() <= 60_000, "{} bytes", svg.len());
}

#[test]
fn texts_are_there_and_escaped() {
    let axis = || Axis::linear("a < b & \"c\"").from_to(0.0, 1.0);
    let figure = Figure::new(
        "texts",
        "J & <C>",
        "First line.\n\nSecond > \"first\".",
        axis(),
        axis(),
    );
    let svg = figure.line("p<q", &[(0.0, 0.0), (1.0, 1.0)]).svg().unwrap();
    assert_eq!(well_formed(&svg), Ok(()));
    for text in [
        "aria-labelledby=\"texts-title texts-desc\"",
        "<title id=\"texts-title\">J &amp; &lt;C&gt;</title>",
        "<desc id=\"texts-desc\">First line. Second &gt; &quot;first&quot;.</desc>",
        ">a &lt; b &amp; &quot;c&quot;</text>",
        ">p&lt;q</text>",
    ] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let figure = |x: Axis| Figure::new("f", "t", "d", x, Axis::linear("y"));
    for (x, y) in [
        (f64::NAN, 0.0),
        (0.0, f64::INFINITY),
        (f64::NEG_INFINITY, 0.0),
    ] {
        let bad = figure(Axis::linear("x")).points("set", &[(1.0, 1.0), (x, y)]);
        assert!(matches!(bad.svg(), Err(Error::Coordinate { series, .. }) if series == "set"));
    }
    for x in [0.0, -1.0] {
        let bad = figure(Axis::logarithmic("x")).line("curve", &[(1.0, 1.0), (x, 2.0)]);
        let error = Error::Coordinate {
            series: "curve".to_owned(),
            x,
            y: 2.0,
        };
        assert_eq!(bad.svg(), Err(error));
    }
    assert!(
        figure(Axis::linear("x"))
            .line("curve", &[(1.0, 1.0), (0.0, 2.0)])
            .svg()
            .is_ok()
    );
}

#[test]
fn an_axis_without_a_range_is_an_error() {
    let figure = |x: Axis| Figure::new("f", "t", "d", x, Axis::linear("y").from_to(0.0, 1.0));
    for x in [
        Axis::linear("x"),
        Axis::linear("x").from_to(1.0, 1.0),
        Axis::linear("x").from_to(2.0, 1.0),
        Axis::linear("x").from_to(0.0, f64::NAN),
        Axis::logarithmic("x").from_to(0.0, 1.0),
    ] {
        assert!(matches!(figure(x.clone()).svg(), Err(Error::Range { axis, .. }) if axis == "x"));
        assert!(
            figure(x)
                .regions(|_, _| 0)
                .points("set", &[(0.5, 0.5)])
                .svg()
                .is_err()
        );
    }
}

/// Whatever an axis spans, it is drawn with numbers, or refused.
#[test]
fn a_range_that_numbers_do_not_resolve_is_an_error() {
    let drawn = |from: f64, to: f64| {
        let y = Axis::linear("y").from_to(from, to);
        Figure::new("f", "t", "d", Axis::linear("x").from_to(0.0, 1.0), y).svg()
    };
    for (from, to) in [
        (0.0, 5e-324),
        (5e-324, 1e-323),
        (-1e-310, 1e-310),
        (1e16, 1e16 + 2.0),
        (1.0, 1.0 + f64::EPSILON),
        (-1e308, 1e308),
    ] {
        let range = Err(Error::Range {
            axis: "y".to_owned(),
            from,
            to,
        });
        assert_eq!(drawn(from, to), range);
    }
    for (from, to) in [
        (0.0, 1e-300),
        (-1e-290, 3e-290),
        (0.0, 1.7e308),
        (1e6, 1e6 + 1.0),
        (-1e-9, 2e-9),
    ] {
        let svg = drawn(from, to).unwrap();
        assert!(
            !svg.contains("NaN") && !svg.contains("inf"),
            "{from} to {to}"
        );
        let labels: Vec<_> = svg
            .split("</text>")
            .filter_map(|part| Some(part.rsplit_once('>')?.1))
            .collect();
        let mut once = labels.clone();
        once.sort_unstable();
        once.dedup();
        // The zeros of the two axes may be written alike, and so may their ones.
        assert!(once.len() + 3 >= labels.len(), "{labels:?}");
    }
    // The data, too.
    let points = Figure::new("f", "t", "d", Axis::linear("x"), Axis::linear("y"))
        .points("set", &[(0.0, 0.0), (5e-324, 1.0)]);
    assert!(matches!(points.svg(), Err(Error::Range { axis, .. }) if axis == "x"));
}

/// The numbers of a path whose `d` contains `mark`.
fn places(svg: &str, mark: &str) -> Vec<(f64, f64)> {
    let pairs = svg.split('M').filter(|part| part.contains(mark));
    pairs
        .map(|part| {
            let (x, y) = part.split(mark).next().unwrap().split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

#[test]
fn a_point_beside_the_axes_is_left_out() {
    let axis = |label| Axis::linear(label).from_to(0.0, 1.0);
    let points = [(0.0, 0.0), (1.0, 1.0), (1.1, 0.5), (0.5, -0.1)];
    let svg = Figure::new("f", "t", "d", axis("x"), axis("y"))
        .points("set", &points)
        .svg();
    // The one in the legend, then the two corners of the plot.
    let circles = places(&svg.unwrap(), "m-3.6");
    assert_eq!(circles.len(), 3);
    assert!(circles.contains(&(730.0, 36.0)), "{circles:?}");
}

#[test]
fn a_curve_ends_with_the_axes() {
    let axis = |label| Axis::linear(label).from_to(0.0, 1.0);
    let figure = Figure::new("f", "t", "d", axis("x"), axis("y"));
    let svg = figure.line("", &[(0.0, 0.0), (2.0, 1e300)]).svg().unwrap();
    let (_, curve) = svg.split_once("<g clip-path=\"url(#f-clip)\"").unwrap();
    assert!(
        curve.contains("-1000000\" stroke=\"var(--series-1)\""),
        "{curve}"
    );
    assert!(svg.contains("<clipPath id=\"f-clip\"><rect "));
}

#[test]
fn a_logarithmic_axis_shows_powers_of_ten() {
    let svg = curves().svg().unwrap();
    for label in [">10⁻¹²<", ">10⁻¹⁵<", ">10⁰<"] {
        assert!(svg.contains(label), "{label}");
    }
    // Below 1e-10 equal ratios are still equal lengths.
    let figure = Figure::new("f", "t", "d", Axis::logarithmic("x"), Axis::linear("y"));
    let points = [(1e-15, 0.0), (1e-10, 0.0), (1e-5, 0.0)];
    let x: Vec<_> = places(&figure.points("", &points).svg().unwrap(), "m-3.6");
    assert!((x[1].0 - x[0].0 - (x[2].0 - x[1].0)).abs() < 0.11, "{x:?}");
    assert!(x[1].0 - x[0].0 > 300.0, "{x:?}");
}

#[test]
fn ticks_of_an_axis_are_written_alike() {
    let labels = |to: f64| {
        let y = Axis::linear("y").from_to(-to, to);
        let figure = Figure::new("f", "t", "d", Axis::linear("x").from_to(0.0, 1.0), y);
        figure.svg().unwrap()
    };
    let written = |to, label: &str| labels(to).contains(&format!(">{label}</text>"));
    assert!(written(1.0, "−0.25") && written(1.0, "0.00") && written(1.0, "1.00"));
    assert!(written(3e-7, "−2·10⁻⁷") && written(3e-7, "0"));
    assert!(written(3e6, "−2·10⁶"));
    assert!(written(30.0, "20"));
}

#[test]
fn regions_fill_the_plot_once_in_the_colours_of_the_sets() {
    let axis = |label| Axis::linear(label).from_to(0.0, 1.0);
    let figure = Figure::new("f", "t", "d", axis("x"), axis("y"))
        .line("border", &[(0.0, 0.5), (1.0, 0.5)])
        .regions(|_, y| usize::from(y > 0.5))
        .points("below", &[(0.5, 0.1)])
        .points("above", &[(0.5, 0.9)]);
    let svg = figure.svg().unwrap();
    // The curve has the first colour, so the sets have the second and the third.
    assert!(svg.contains(
        "<path d=\"M0 75h200v75H0z\" stroke=\"none\" stroke-width=\"0\" fill=\"var(--series-2)\""
    ));
    assert!(svg.contains(
        "<path d=\"M0 0h200v75H0z\" stroke=\"none\" stroke-width=\"0\" fill=\"var(--series-3)\""
    ));
    let at = |part: &str| svg.find(part).unwrap();
    assert!(at("crispEdges") < at("stroke-opacity") && at("M0 75h") < at("m0-4.6l"));

    // On a plane of any shape the rectangles cover each cell once.
    let svg = plane().svg().unwrap();
    let area: u32 = svg
        .split('M')
        .filter_map(|part| part.split_once('h'))
        .filter_map(|(_, size)| size.split_once('v'))
        .filter_map(|(wide, rest)| Some((wide, rest.split_once('H')?.0)))
        .map(|(wide, high)| wide.parse::<u32>().unwrap() * high.parse::<u32>().unwrap())
        .sum();
    assert_eq!(area, 200 * 150);
}

#[test]
fn each_series_differs_without_colour() {
    let axis = |label| Axis::linear(label).from_to(0.0, 1.0);
    let ends = [(0.0, 0.0), (1.0, 1.0)];
    let figure = || Figure::new("f", "t", "d", axis("x"), axis("y"));
    let lines = figure()
        .line("a", &ends)
        .line("b", &ends)
        .dashed("c", &ends)
        .line("d", &ends);
    let svg = lines.svg().unwrap();
    for dash in ["11 4", "5 5", "2 3"] {
        // In the plot, and in the legend.
        let dash = format!("stroke-dasharray=\"{dash}\"");
        assert_eq!(svg.matches(&dash).count(), 2, "{dash}");
    }
    let sets = figure()
        .points("a", &ends)
        .points("b", &ends)
        .points("c", &ends)
        .points("d", &ends);
    let svg = sets.svg().unwrap();
    for shape in ["m-3.6 0a", "m0-4.6l", "m-3.4-3.4h", "m-3.4-3.4l"] {
        assert_eq!(svg.matches(shape).count(), 3, "{shape}");
    }
}

#[test]
fn a_file_of_its_own_brings_every_colour_that_it_uses() -> Result<(), Error> {
    let file = curves().file()?;
    let css = include_str!("../../../book/theme/book.css");
    let theme = css.split_once("html {").map_or("", |(_, rest)| rest);
    for name in ["--series-1", "--series-2", "--series-3", "--series-4"] {
        let light = theme.split_once(name).map_or("", |(_, rest)| rest);
        let light = light.split_once(';').map_or("", |(value, _)| value);
        assert!(file.contains(&format!("{name}{light};")), "{name}{light}");
    }
    for used in file.split("var(").skip(1) {
        let name = used.split(')').next().unwrap_or_default();
        assert!(file.contains(&format!("{name}: #")), "{name}");
    }
    assert!(file.ends_with(curves().svg()?.split_once('>').map_or("", |(_, rest)| rest)));
    Ok(())
}

/// What every drawing is: one root with its texts, no blank line, the same in every run.
fn is_drawing(svg: &str, id: &str) {
    assert!(svg.starts_with("<svg class=\"drawing\" width=\""), "{svg}");
    assert!(svg.ends_with("</svg>\n") && !svg.contains("\n\n"), "{svg}");
    for part in ["title", "desc"] {
        assert!(
            svg.contains(&format!("<{part} id=\"{id}-{part}\">")),
            "{svg}"
        );
    }
    assert!(
        !svg.contains('#') || svg.contains("url(#"),
        "a colour of its own: {svg}"
    );
}

#[test]
fn a_graph_says_above_what_goes_forward_and_below_what_comes_back() {
    let edge = |backward: &str| {
        Graph::new("g", "t", "a < b")
            .value("x", (0.0, 0.0))
            .operation("square", "( )²", (1.0, 0.0))
            .edge("x", "square", &["3".to_owned()], &[backward.to_owned()])
    };
    let svg = edge("6").svg().unwrap();
    is_drawing(&svg, "g");
    assert_eq!(svg, edge("6").svg().unwrap());
    let height = |text: &str| -> f64 {
        let line = svg.lines().find(|line| line.contains(text)).unwrap();
        let (_, y) = line.split_once("y=\"").unwrap();
        y.split_once('"').unwrap().0.parse().unwrap()
    };
    assert!(height(">3<") < height(">6<"));
    assert!(svg.contains("a &lt; b") && svg.contains(">( )²<"), "{svg}");
    let lost = edge("6").edge("square", "y", &[], &[]).svg();
    assert_eq!(lost, Err(Error::Node("y".to_owned())));
}

#[test]
fn matrices_are_drawn_to_size_and_zeros_stay_white() {
    let rows = [[1.0, 0.0, -0.25], [0.5, 2.0, 3.0]];
    let svg = Matrices::new("m", "t", "d")
        .matrix("x", &[["x₁"], ["x₂"]])
        .sign("=")
        .numbers("W", rows.iter(), 2)
        .framed(Framed::Column(1))
        .svg();
    is_drawing(&svg, "m");
    assert_eq!(svg.matches("<rect").count(), 2 + 6 + 1);
    assert_eq!(svg.matches("fill=\"none\"").count(), 1 + 1);
    assert!(
        svg.contains(">−0.25<") && svg.contains(">0<") && svg.contains(">=<"),
        "{svg}"
    );
}

#[test]
fn a_distribution_has_its_place_and_nothing_else_has_one() {
    let at = |p: [f64; 3]| Simplex::new("s", "t", "d").point("p", p).svg();
    let svg = at([0.2, 0.5, 0.3]).unwrap();
    is_drawing(&svg, "s");
    // The mean of the corners, weighted: 0.5 · 0.5 + 0.3 of the side from the left.
    assert!(svg.contains("cx=\"287.0\""), "{svg}");
    for wrong in [[0.5, 0.5, 0.5], [1.5, -0.5, 0.0], [f64::NAN, 0.5, 0.5]] {
        assert!(
            matches!(at(wrong), Err(Error::Distribution(_))),
            "{wrong:?}"
        );
    }
    let from = [1.0, 0.0, 0.0];
    let arrow = Simplex::new("s", "t", "d")
        .arrow(from, [0.0, 0.0, 2.0])
        .svg();
    assert_eq!(arrow, Err(Error::Distribution([0.0, 0.0, 2.0])));
    let path = Simplex::new("s", "t", "d").path(&[from, [0.0, 1.0, 0.0]]);
    assert!(path.svg().unwrap().contains("stroke-dasharray"));
}
