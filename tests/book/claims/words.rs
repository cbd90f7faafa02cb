//! The words by which a sentence asserts something that can be checked.

/// The words and phrases, in groups. A sentence that holds one of them promises something of all
/// cases, of an order, of a direction or of a number.
const ASSERTING: &[&[&str]] = &[
    // Superlatives that `is_superlative` does not find: one is put above all others.
    &["most", "least", "best", "worst"],
    // All cases, one alone, or none: one counter-example refutes it.
    &[
        "all",
        "alone",
        "always",
        "each",
        "every",
        "everything",
        "everywhere",
        "never",
        "no other",
        "none",
        "nothing",
        "nowhere",
        "only",
    ],
    // A direction: two values in a row can contradict it.
    DIRECTIONS,
    // A bound, or what is out of reach.
    &["at least", "at most", "cannot", "impossible"],
    // A comparison, or that there is no difference.
    &[
        "better", "equal", "equals", "faster", "greater", "higher", "larger", "lower", "slower",
        "smaller", "the same", "worse",
    ],
    // A number in letters, which no cell prints.
    &[
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "hundred",
        "thousand",
        "million",
        "half",
        "twice",
        "a third",
        "a quarter",
    ],
];

/// The verbs of a direction.
const DIRECTIONS: &[&str] = &[
    "decrease",
    "decreased",
    "decreases",
    "fall",
    "fallen",
    "falls",
    "fell",
    "grew",
    "grow",
    "grown",
    "grows",
    "increase",
    "increased",
    "increases",
    "rise",
    "risen",
    "rises",
    "rose",
    "shrank",
    "shrink",
    "shrinks",
    "shrunk",
    "vanish",
    "vanished",
    "vanishes",
];

/// What ends as a superlative does and is none.
const NO_SUPERLATIVES: &[&str] = &[
    "arrest", "chest", "contest", "digest", "earnest", "forest", "guest", "harvest", "honest",
    "ingest", "interest", "invest", "latest", "manifest", "modest", "nest", "protest", "quest",
    "request", "rest", "suggest", "test", "vest", "west",
];

/// Before these "each" says how something is shared out, one for each, and seldom more.
const SHARING: &[&str] = &["at", "by", "for", "from", "in", "of", "on", "to", "with"];

/// What makes a heading or a row of a table a sentence: a verb that says something of a subject.
/// The words that assert a direction are verbs, too.
const VERBS: &[&str] = &[
    "agree",
    "agrees",
    "are",
    "can",
    "cannot",
    "comes",
    "depends",
    "differ",
    "differs",
    "do",
    "does",
    "gets",
    "gives",
    "goes",
    "had",
    "has",
    "have",
    "holds",
    "is",
    "learn",
    "learns",
    "make",
    "makes",
    "may",
    "moves",
    "must",
    "need",
    "needs",
    "overflows",
    "says",
    "stays",
    "sums",
    "takes",
    "was",
    "were",
    "will",
];

/// The first word or phrase by which a sentence asserts something, `None` where it does not. A
/// question asserts nothing. A compound with a hyphen is a word of its own: `two-class`.
pub fn asserts(plain: &str) -> Option<String> {
    let ends = |c: char| matches!(c, ')' | '*' | '_' | '"' | '”');
    if plain.trim_end_matches(ends).ends_with('?') {
        return None;
    }
    let words = words(plain);
    (0..words.len()).find_map(|at| {
        let shares = at > 0 && words[at] == "each" && SHARING.contains(&words[at - 1].as_str());
        if shares {
            None
        } else {
            asserting(&words[at..])
        }
    })
}

/// Whether a heading or a row of a table forms a sentence.
pub fn is_sentence(plain: &str) -> bool {
    let is_verb =
        |word: &String| VERBS.contains(&word.as_str()) || DIRECTIONS.contains(&word.as_str());
    words(plain).iter().any(is_verb)
}

/// The phrase or word at the beginning of `words`, if it asserts.
fn asserting(words: &[String]) -> Option<String> {
    let first = words.first()?;
    let pair = words.get(..2).map(|pair| pair.join(" "));
    let is_listed = |phrase: &String| ASSERTING.iter().any(|group| group.contains(&&**phrase));
    let listed = pair.into_iter().chain([first.clone()]).find(is_listed);
    listed.or_else(|| is_superlative(first).then(|| first.clone()))
}

/// Whether a word is a superlative by its form, as `largest` and `innermost` are.
fn is_superlative(word: &str) -> bool {
    let by_form = word.len() > 4 && (word.ends_with("est") || word.ends_with("most"));
    by_form && word != "almost" && !NO_SUPERLATIVES.contains(&word)
}

/// The words of a text, in small letters. Where anything but white space stands between two, an
/// empty word does, so that no phrase reaches across.
fn words(plain: &str) -> Vec<String> {
    const WITHIN: [char; 3] = ['-', '\'', '’'];
    let mut words = vec![String::new()];
    for c in plain.to_lowercase().chars() {
        match words.last_mut() {
            Some(word) if c.is_alphanumeric() || WITHIN.contains(&c) => word.push(c),
            Some(word) if c.is_whitespace() && word.is_empty() => {}
            _ if c.is_whitespace() => words.push(String::new()),
            _ => words.extend([String::new(), String::new()]),
        }
    }
    let trimmed = words.iter().map(|word| word.trim_matches(WITHIN));
    trimmed.map(str::to_owned).collect()
}

#[test]
fn a_word_of_each_group_asserts() {
    let word = |text| asserts(text).unwrap_or_default();
    assert_eq!(word("The answer that is wrong most of the time."), "most");
    assert_eq!(word("It comes nearest."), "nearest");
    assert_eq!(word("The innermost layer."), "innermost");
    assert_eq!(word("It is Never so."), "never");
    assert_eq!(word("There is no other way."), "no other");
    assert_eq!(word("The *loss* falls."), "falls");
    assert_eq!(word("It is at least that."), "at least");
    assert_eq!(word("Both are the same."), "the same");
    assert_eq!(word("It takes a third."), "a third");
    assert_eq!(word("“Twelve” mistakes"), "twelve");
    assert_eq!(word("At 1 each step lowers it."), "each");
}

#[test]
fn other_words_assert_nothing() {
    let silent = [
        "The latest request is of interest, and almost honest.",
        "Is it always the largest?",
        "A two-class network with one-hot labels.",
        "An allowance; nevertheless he fell-walks, and the others tally.",
        "One row for each class.",
        "At that point the last is the\u{1}same.",
        "A third-rate, the (same).",
    ];
    for text in silent {
        assert_eq!(asserts(text), None, "{text}");
    }
}

#[test]
fn a_title_is_a_sentence_with_a_verb() {
    assert!(is_sentence("One column learns half as fast"));
    assert!(is_sentence("The loss falls"));
    assert!(!is_sentence("Two classes, and softer targets"));
    assert!(!is_sentence("x | all inputs | N"));
}
