//! A small book for the tests: a network with its worked example, and letters for anything else.

use formula::{Book, Page, Problem};

/// The table of symbols of the small book.
pub const TABLE: &str = r#"
[sizes]
M = 2
K = 3
N = 4

[[symbol]]
tex = '\vx'
entry = 'x'
shape = ["M"]

[[symbol]]
tex = '\vy'
entry = 'y'
shape = ["K"]
sample = "label"

[[symbol]]
tex = '\mW'
entry = 'w'
shape = ["M", "K"]

[[symbol]]
tex = '\vb'
entry = 'b'
shape = ["K"]

[[symbol]]
tex = '\vtheta'
entry = '\theta'
shape = ["K"]
is = '\vtheta = \mW\T \vx + \vb'

[[symbol]]
tex = '\vyhat'
entry = '\yhat'
shape = ["K"]
is = '\yhat_i = \frac{\exp(\theta_i)}{\sum_j \exp(\theta_j)}'

[[symbol]]
tex = 'J'
is = 'J = -\sum_i y_i \log \yhat_i'
of = ['\mW', '\vb']

[[symbol]]
tex = '\sigma'
is = '\sigma(z) = \frac{1}{1 + \exp(-z)}'

[[symbol]]
tex = '\softmax'
is = '\softmax_i(\vtheta) = \frac{\exp(\theta_i)}{\sum_j \exp(\theta_j)}'

[[symbol]]
tex = '\mathbf{X}'
entry = 'x'
row = '\vx'
shape = ["N", "M"]

[[symbol]]
tex = 'u'

[[symbol]]
tex = 'v'

[[symbol]]
tex = 'z'

[[symbol]]
tex = 'p'
sample = "positive"

[[symbol]]
tex = 'q'
sample = "positive"

[[symbol]]
tex = 'h'
sample = "positive"

[points.example]
'\mW' = [[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]
'\vb' = [0.1, -0.2, 0.3]
'\vx' = [0.6, -1.1]
'\vy' = [0, 1, 0]
u = 0.5
v = -1.5
z = 0.25
p = 0.75
q = 1.25
h = 0.5
"#;

/// The name of the one page.
pub const PAGE: &str = "page.md";

/// What each display of a page says when it runs, or what is wrong with the page.
pub fn page(text: &str) -> Result<Vec<Result<String, String>>, String> {
    with_table(TABLE, text)
}

/// The same with another table.
pub fn with_table(table: &str, text: &str) -> Result<Vec<Result<String, String>>, String> {
    let include = |file: &str| match file {
        "half.txt" => Ok("0.5\n".to_owned()),
        "two.txt" => Ok("u + \nv\n".to_owned()),
        _ => Err(format!("{file}: no such file")),
    };
    let said = |problem: Problem| problem.to_string();
    let page = Page::parse(PAGE, text, include).map_err(said)?;
    let book = Book::new(table, vec![page]).map_err(said)?;
    let runs = book.run(PAGE).map_err(said)?;
    Ok(runs.into_iter().map(|run| run.map_err(said)).collect())
}

/// Runs one equation with the notes before it.
pub fn noted(notes: &str, tex: &str) -> Result<String, String> {
    let text = format!("{notes}\n\n$$\n{tex}\n\\tag{{1.1}}\n$$\n");
    match page(&text)?.pop() {
        Some(run) => run,
        None => Err("no display was found".to_owned()),
    }
}

/// Runs one equation, whose first line is the fourth of its page.
pub fn equation(tex: &str) -> Result<String, String> {
    noted("", tex)
}

/// Demands that an equation holds.
pub fn holds(tex: &str) {
    holds_with("", tex);
}

/// Demands that an equation holds with the notes before it.
pub fn holds_with(notes: &str, tex: &str) {
    let found = noted(notes, tex);
    assert!(found.is_ok(), "{}\ndoes not hold: {found:?}", cut(tex));
}

/// Demands that an equation is refused or does not hold, and says so in these words.
pub fn fails(tex: &str, problem: &str) {
    fails_with("", tex, problem);
}

/// Demands that an equation with the notes before it is refused or does not hold.
pub fn fails_with(notes: &str, tex: &str, problem: &str) {
    assert_eq!(noted(notes, tex), Err(problem.to_owned()), "{}", cut(tex));
}

/// Demands that an equation is read and is wrong.
pub fn differs(tex: &str) {
    let found = message("", tex);
    assert!(found.contains("the members differ"), "{tex}\n{found}");
}

/// The message of an equation that must not pass.
pub fn message(notes: &str, tex: &str) -> String {
    let found = noted(notes, tex);
    assert!(found.is_err(), "{}\npasses: {found:?}", cut(tex));
    found.err().unwrap_or_default()
}

/// The beginning of what is long.
fn cut(tex: &str) -> String {
    tex.chars().take(200).collect()
}
