//! The drawing: kuva places axes, ticks and labels and writes the SVG; curves, marks, regions and
//! the legend are paths that it is given.

use kuva::backend::svg::SvgBackend;
use kuva::render::axis::{add_axes_and_grid, add_labels_and_title};
use kuva::render::color::Color;
use kuva::render::layout::{ComputedLayout, Layout};
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};
use kuva::render::theme::Theme;
use sketch::Regions;

use crate::error::Error;
use crate::figure::{Figure, Kind, Series};
use crate::scale::{STEPS, Scale};
use crate::svg::{number, plain};

/// As wide as the text of a page, so that a unit is a pixel there.
const WIDTH: f64 = 750.0;
const HEIGHT: f64 = 440.0;
const TEXT: u32 = 15;
const TICKS: u32 = 14;
/// The height of a line of the legend, and the width of the sample before a label.
const ROW: f64 = 24.0;
const SAMPLE: f64 = 34.0;

/// The legend counts on no more than this to the left of the plot.
const LEFT: f64 = 80.0;

/// Both are the colour of the text; which of the two it is tells the grid from the axes.
const INK: &str = "currentColor";
const GRID: &str = "var(--fg)";

/// Solid, and three that differ from it, from one another and from [`THEORY`].
const DASHES: [Option<&str>; 4] = [None, Some("11 4"), Some("2 3"), Some("11 3 2 3")];
const THEORY: &str = "5 5";

/// One density a class, so that regions differ in black and white.
const DENSITIES: [f64; 4] = [0.1, 0.17, 0.25, 0.05];

/// Half the size of a mark.
const MARK: f64 = 3.6;

/// The colours of a light page.
const LIGHT: &str = "
svg { color: #000; background: #fff; font-family: sans-serif; --fg: #000; }
svg { --series-1: #0b5cad; --series-2: #b3400a; --series-3: #0a7045; --series-4: #8a3a8c; }
";

impl Figure {
    /// The figure as SVG, to be included in a page: no blank line, the same bytes in every run.
    ///
    /// # Errors
    ///
    /// [`Error::Coordinate`] where a point cannot be drawn, [`Error::Range`] where an axis cannot.
    pub fn svg(&self) -> Result<String, Error> {
        for series in &self.series {
            for &(x, y) in &series.points {
                if !(self.x.can_show(x) && self.y.can_show(y)) {
                    let series = series.label.clone();
                    return Err(Error::Coordinate { series, x, y });
                }
            }
        }
        // What was added after the regions must not move the axes away from under them.
        let (x, y) = match &self.plane {
            Some(Ok((x, y, _))) => (*x, *y),
            Some(Err(error)) => return Err(error.clone()),
            None => self.scales()?,
        };
        Ok(draw(self, x, y))
    }

    /// The figure as a file of its own: what [`svg`](Self::svg) gives, with the colours of a light
    /// page, since no theme is there to say them.
    ///
    /// # Errors
    ///
    /// As [`svg`](Self::svg).
    pub fn file(&self) -> Result<String, Error> {
        let svg = self.svg()?;
        let (root, rest) = svg.split_once('>').unwrap_or_default();
        Ok(format!("{root}>\n<style>{LIGHT}</style>{rest}"))
    }
}

/// Draws what [`Figure::svg`] has checked.
fn draw(figure: &Figure, x: Scale, y: Scale) -> String {
    let (legend, rows) = legend(&figure.series);
    let layout = layout(figure, x, y);
    let mut plot = ComputedLayout::from_layout(&layout);
    plot.margin_left = plot.margin_left.ceil();
    plot.margin_right = plot.margin_right.ceil().max(20.0);
    plot.margin_bottom = plot.margin_bottom.ceil();
    plot.margin_top = 12.0 + rows * ROW;
    plot.recompute_transforms();

    let mut axes = Scene::new(WIDTH, HEIGHT);
    add_axes_and_grid(&mut axes, &plot, &layout);
    add_labels_and_title(&mut axes, &plot, &layout);
    axes.elements.iter_mut().for_each(settle);
    let (grid, axes): (Vec<_>, Vec<_>) = axes.elements.into_iter().partition(
        |element| matches!(element, Primitive::Line { stroke: Color::Css(c), .. } if **c == *GRID),
    );

    let mut scene = Scene::new(WIDTH, HEIGHT);
    scene.background_color = None;
    let clip = figure.picture.part("clip");
    scene.defs.push(format!(
        "<clipPath id=\"{clip}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" /></clipPath>",
        plot.margin_left,
        plot.margin_top,
        plot.plot_width(),
        plot.plot_height(),
    ));
    if let Some(Ok((_, _, regions))) = &figure.plane {
        add_regions(&mut scene, figure, regions, &plot);
    }
    group(&mut scene, "stroke-opacity=\"0.15\"", grid);
    scene.elements.extend(axes);
    let curves = figure.series.iter().filter(|s| s.kind != Kind::Points);
    let curves = curves.map(|s| curve(s, x, y, &plot)).collect();
    let attributes = format!("clip-path=\"url(#{clip})\" stroke-linejoin=\"round\"");
    group(&mut scene, &attributes, curves);
    let sets = figure.series.iter().filter(|s| s.kind == Kind::Points);
    scene.elements.extend(sets.map(|set| {
        let on_axes = |&&(a, b): &&(f64, f64)| x.contains(a) && y.contains(b);
        let points = set.points.iter().filter(on_axes);
        marks(
            set,
            points.map(|&(a, b)| (plot.map_x(x.along(a)), plot.map_y(y.along(b)))),
        )
    }));
    let shift = format!("translate({},0)", plot.margin_left);
    scene.elements.push(Primitive::GroupStart {
        transform: Some(shift),
        title: None,
        extra_attrs: None,
    });
    scene.elements.extend(legend);
    scene.elements.push(Primitive::GroupEnd);
    finish(
        figure,
        &SvgBackend::new().with_pretty(true).render_scene(&scene),
    )
}

/// The colour of the `k`th series, which the theme decides.
fn colour(k: usize) -> String {
    format!("var(--series-{})", k % 4 + 1)
}

fn layout(figure: &Figure, x: Scale, y: Scale) -> Layout {
    let theme = Theme {
        background: "none".into(),
        axis_color: INK.into(),
        grid_color: GRID.into(),
        tick_color: INK.into(),
        text_color: INK.into(),
        ..Theme::light()
    };
    Layout::new((x.from, x.to), (y.from, y.to))
        .with_width(WIDTH)
        .with_height(HEIGHT)
        .with_theme(theme)
        .with_ticks(STEPS)
        .with_x_axis_min(x.from)
        .with_x_axis_max(x.to)
        .with_y_axis_min(y.from)
        .with_y_axis_max(y.to)
        .with_x_tick_step(x.step())
        .with_y_tick_step(y.step())
        .with_x_tick_format(x.labels())
        .with_y_tick_format(y.labels())
        .with_x_label(plain(&figure.x.label))
        .with_y_label(plain(&figure.y.label))
        .with_label_size(TEXT)
        .with_tick_size(TICKS)
}

/// Half pixels are exact in the SVG; kuva prints others with all the digits of an `f64`.
fn settle(element: &mut Primitive) {
    let half = |v: &mut f64| *v = (*v * 2.0).round() / 2.0;
    match element {
        Primitive::Line { x1, y1, x2, y2, .. } => [x1, y1, x2, y2].into_iter().for_each(half),
        Primitive::Text { x, y, .. } => [x, y].into_iter().for_each(half),
        _ => {}
    }
}

fn group(scene: &mut Scene, attributes: &str, elements: Vec<Primitive>) {
    if elements.is_empty() {
        return;
    }
    scene.elements.push(Primitive::GroupStart {
        transform: None,
        title: None,
        extra_attrs: Some(attributes.to_owned()),
    });
    scene.elements.extend(elements);
    scene.elements.push(Primitive::GroupEnd);
}

/// One path a class, in units of the grid; the transformation lays the grid over the plot.
fn add_regions(scene: &mut Scene, figure: &Figure, regions: &Regions, plot: &ComputedLayout) {
    let sets: Vec<usize> = figure
        .series
        .iter()
        .filter(|s| s.kind == Kind::Points)
        .map(|s| s.colour)
        .collect();
    let [columns, rows] = Regions::FINE;
    scene.elements.push(Primitive::GroupStart {
        transform: Some(format!(
            "translate({},{}) scale({},{})",
            plot.margin_left,
            plot.margin_top,
            plot.plot_width() / columns as f64,
            plot.plot_height() / rows as f64,
        )),
        title: None,
        extra_attrs: Some("shape-rendering=\"crispEdges\"".to_owned()),
    });
    for (class, d) in regions.paths(1).into_iter().enumerate() {
        if d.is_empty() {
            continue;
        }
        scene.elements.push(Primitive::Path(Box::new(PathData {
            d,
            fill: Some(colour(sets.get(class).copied().unwrap_or(class)).into()),
            stroke: Color::None,
            stroke_width: 0.0,
            opacity: Some(DENSITIES[class % DENSITIES.len()]),
            stroke_dasharray: None,
        })));
    }
    scene.elements.push(Primitive::GroupEnd);
}

/// Colour, width and dashes of a curve.
fn stroke(series: &Series) -> (Color, f64, Option<String>) {
    match series.kind {
        Kind::Dashed => (INK.into(), 1.5, Some(THEORY.to_owned())),
        _ => {
            let dash = DASHES[series.colour % DASHES.len()];
            (colour(series.colour).into(), 2.0, dash.map(str::to_owned))
        }
    }
}

fn curve(series: &Series, x: Scale, y: Scale, plot: &ComputedLayout) -> Primitive {
    // Far outside of the picture the exact place makes no difference, but costs digits.
    let near = |pixel: f64| pixel.clamp(-1e6, 1e6);
    let mut d = String::new();
    for (k, &(a, b)) in series.points.iter().enumerate() {
        d.push(if k == 0 { 'M' } else { 'L' });
        number(&mut d, near(plot.map_x(x.along(a))));
        d.push(' ');
        number(&mut d, near(plot.map_y(y.along(b))));
    }
    let (stroke, stroke_width, stroke_dasharray) = stroke(series);
    Primitive::Path(Box::new(PathData {
        d,
        fill: None,
        stroke,
        stroke_width,
        opacity: None,
        stroke_dasharray,
    }))
}

/// All marks of a set as one path: circles, triangles, squares, crosses.
fn marks(series: &Series, places: impl Iterator<Item = (f64, f64)>) -> Primitive {
    let shape = match series.colour % 4 {
        0 => format!(
            "m-{MARK} 0a{MARK} {MARK} 0 1 0 {0} 0a{MARK} {MARK} 0 1 0-{0} 0z",
            2.0 * MARK
        ),
        1 => "m0-4.6l4.2 7.4h-8.4z".to_owned(),
        2 => "m-3.4-3.4h6.8v6.8h-6.8z".to_owned(),
        _ => "m-3.4-3.4l6.8 6.8m0-6.8l-6.8 6.8".to_owned(),
    };
    let mut d = String::new();
    for (x, y) in places {
        d.push('M');
        number(&mut d, x);
        d.push(' ');
        number(&mut d, y);
        d.push_str(&shape);
    }
    Primitive::Path(Box::new(PathData {
        d,
        fill: Some(colour(series.colour).into()),
        stroke: colour(series.colour).into(),
        stroke_width: 1.4,
        opacity: Some(0.35),
        stroke_dasharray: None,
    }))
}

/// The legend, in rows above the plot, and how many rows it has.
fn legend(all: &[Series]) -> (Vec<Primitive>, f64) {
    let mut drawn = Vec::new();
    let (mut x, mut row) = (0.0, 0.0);
    for series in all.iter().filter(|series| !series.label.is_empty()) {
        let label = plain(&series.label);
        // kuva keeps its widths of letters to itself; this is a mean one of the page's font.
        let letters = label.chars().count() as f64;
        let width = SAMPLE + 0.53 * letters * f64::from(TICKS) + 20.0;
        if x > 0.0 && x + width > WIDTH - LEFT {
            (x, row) = (0.0, row + 1.0);
        }
        let y = 16.0 + row * ROW;
        drawn.push(if series.kind == Kind::Points {
            marks(series, std::iter::once((x + 18.0, y)))
        } else {
            let (stroke, stroke_width, stroke_dasharray) = stroke(series);
            Primitive::Line {
                x1: x,
                y1: y,
                x2: x + SAMPLE - 6.0,
                y2: y,
                stroke,
                stroke_width,
                stroke_dasharray,
            }
        });
        drawn.push(Primitive::Text {
            x: x + SAMPLE,
            y: y + 5.0,
            content: label,
            size: TICKS,
            anchor: TextAnchor::Start,
            rotate: None,
            bold: false,
            color: None,
        });
        x += width.ceil();
    }
    let rows = if drawn.is_empty() { 0.0 } else { row + 1.0 };
    (drawn, rows)
}

/// Replaces kuva's root element: the page decides the size, a screen reader reads the texts.
fn finish(figure: &Figure, svg: &str) -> String {
    let drawing = svg
        .split_once("-->")
        .map_or("", |(_, drawing)| drawing.trim());
    let drawing = drawing.strip_suffix("</svg>").unwrap_or(drawing).trim_end();
    figure.picture.svg("plot", (WIDTH, HEIGHT), drawing)
}
