//! Rule 3: a sentence that asserts something is held by a claim, or says where it is shown.

mod exemptions;
mod sentences;
mod words;

use mdbook_cells::Problem;

use crate::code;
use crate::markdown;
use crate::support::page::Page;
use exemptions::{Exemption, OPEN};
use sentences::{Sentence, one_line};

/// The macro that holds a sentence to a condition.
const CLAIM: &str = "claim!";

/// A claim in a block of Rust.
struct Claim {
    /// What it quotes; `None` where no string stands first.
    words: Option<String>,
    line: usize,
    /// Whether its block runs to its end. In another it holds nothing.
    runs: bool,
}

/// The claims of a page.
fn claims(page: &Page) -> Vec<Claim> {
    let mut claims = Vec::new();
    let blocks = markdown::blocks(&page.source.text).into_iter();
    for block in blocks.filter(markdown::Block::is_rust) {
        let first = page.source.line(block.range.start) + 1;
        let code: Vec<&str> = block.code.lines().map(code::unhidden).collect();
        let code = code.join("\n");
        for (at, _) in code.match_indices(CLAIM) {
            if is_called(&code[..at + CLAIM.len()]) {
                claims.push(Claim {
                    words: quoted_first(&code[at + CLAIM.len()..]),
                    line: first + code[..at].matches('\n').count(),
                    runs: block.runs(),
                });
            }
        }
    }
    claims
}

/// Whether the macro's name at the end of `code` is one: no comment, no string, no longer name.
fn is_called(code: &str) -> bool {
    let bare = code::bare(code);
    let before = bare.strip_suffix(CLAIM);
    before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// The string that is the first argument of a call, in one line.
fn quoted_first(call: &str) -> Option<String> {
    let arguments = call.trim_start().strip_prefix(['(', '[', '{'])?;
    let argument = arguments.trim_start();
    let words = match argument.strip_prefix('r') {
        Some(raw) => {
            let hashes = raw.len() - raw.trim_start_matches('#').len();
            let close = format!("\"{}", &raw[..hashes]);
            let (words, _) = raw[hashes..].strip_prefix('"')?.split_once(&close)?;
            words.to_owned()
        }
        None => unescaped(argument.strip_prefix('"')?)?,
    };
    Some(one_line(&words))
}

/// A string literal, after its opening quotation mark, up to the closing one.
fn unescaped(literal: &str) -> Option<String> {
    let mut string = String::new();
    let mut chars = literal.chars();
    loop {
        match chars.next()? {
            '"' => return Some(string),
            '\\' => match chars.next()? {
                // A line that goes on in the next one, which may be indented.
                '\n' => chars = chars.as_str().trim_start().chars(),
                'n' | 't' | 'r' => string.push(' '),
                'u' => {
                    let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                    string.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
                    chars = rest.chars();
                }
                other => string.push(other),
            },
            other => string.push(other),
        }
    }
}

/// Checks that the words of each claim stand in the prose of its page, once, within a sentence,
/// and that the claim runs.
pub fn quoted(page: &Page) -> Vec<Problem> {
    let sentences = sentences::sentences(page);
    let problems = claims(page).into_iter().filter_map(|claim| {
        let message = misquoted(&claim, &sentences)?;
        Some(page.problem(claim.line, message))
    });
    problems.collect()
}

/// What is wrong with a claim.
fn misquoted(claim: &Claim, sentences: &[Sentence]) -> Option<String> {
    let Some(words) = claim.words.as_ref().filter(|words| !words.is_empty()) else {
        return Some("the claim quotes nothing; expected words of a sentence first".to_owned());
    };
    if !claim.runs {
        return Some(format!(
            "the claim of \"{words}\" stands in a block that does not run to its end"
        ));
    }
    let found = sentences.iter().flat_map(|sentence| {
        let count = occurrences(&sentence.text, words);
        std::iter::repeat_n(sentence.line.to_string(), count)
    });
    let found: Vec<String> = found.collect();
    let found = match found.len() {
        1 => return None,
        0 => "none".to_owned(),
        count => format!("{count}, on lines {}", found.join(", ")),
    };
    Some(format!(
        "the claim quotes \"{words}\"; expected once in a sentence of this page, found {found}"
    ))
}

/// How often a text holds a phrase, from the beginning of a word to the end of one.
fn occurrences(text: &str, phrase: &str) -> usize {
    let is_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let splits_word = |before: Option<char>, after| is_of_word(before) && is_of_word(after);
    let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
    let found = text.match_indices(phrase).filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !splits_word(before, first) && !splits_word(last, after)
    });
    found.count()
}

/// A sentence that asserts something, and nothing on its page holds.
struct Owed {
    sentence: Sentence,
    /// By which it asserts.
    word: String,
}

/// The sentences of a page that owe a claim.
fn owed(page: &Page) -> Vec<Owed> {
    let claims = claims(page);
    let held: Vec<&str> = claims
        .iter()
        .filter(|claim| claim.runs)
        .filter_map(|claim| claim.words.as_deref())
        .filter(|words| !words.is_empty())
        .collect();
    let is_held = |sentence: &Sentence| {
        let mut held = held.iter();
        sentence.links
            || names_equation(&sentence.plain)
            || held.any(|words| occurrences(&sentence.text, words) > 0)
    };
    let sentences = sentences::sentences(page).into_iter();
    sentences
        .filter(|one| !is_held(one) && (!one.is_title || words::is_sentence(&one.plain)))
        .filter_map(|sentence| {
            let word = words::asserts(&sentence.plain)?;
            Some(Owed { sentence, word })
        })
        .collect()
}

/// Whether a sentence names an equation, as (3.9). That the book has it is another rule.
fn names_equation(plain: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    plain.split('(').skip(1).any(|piece| {
        let number = piece
            .split_once(')')
            .and_then(|(tag, _)| tag.split_once('.'));
        number.is_some_and(|(chapter, number)| is_number(chapter) && is_number(number))
    })
}

/// Lists the sentences that owe a claim and are not exempt, and the exemptions that no sentence
/// needs.
pub fn unclaimed(pages: &[Page], exemptions: &[Exemption]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut needed = vec![false; exemptions.len()];
    for page in pages {
        for owed in owed(page) {
            let Sentence { text, line, .. } = &owed.sentence;
            let is_of = |one: &Exemption| one.page == page.name && one.sentence == *text;
            match exemptions.iter().position(is_of) {
                Some(at) => needed[at] = true,
                None => problems.push(page.problem(
                    *line,
                    format!(
                        "\"{}\" asserts something, and the sentence has no claim, no equation's \
                         number and no link: {text}",
                        owed.word
                    ),
                )),
            }
        }
    }
    let unneeded = exemptions.iter().zip(needed).filter(|(_, needed)| !needed);
    problems.extend(unneeded.map(|(one, _)| {
        let why = why_unneeded(pages, one);
        let message = format!("the exemption is not needed, {why}: {}", one.sentence);
        exemptions::problem(one.line, message)
    }));
    problems
}

/// Why a sentence needs no exemption.
fn why_unneeded(pages: &[Page], one: &Exemption) -> String {
    let Some(page) = pages.iter().find(|page| page.name == one.page) else {
        return format!("{} is no page", one.page);
    };
    let sentences = sentences::sentences(page);
    let Some(sentence) = sentences.iter().find(|other| other.text == one.sentence) else {
        return format!("{} has no such sentence", one.page);
    };
    let is_owed = owed(page)
        .iter()
        .any(|owed| owed.sentence.text == one.sentence);
    match (is_owed, words::asserts(&sentence.plain)) {
        (true, _) => "it stands here twice".to_owned(),
        (false, None) => "the sentence asserts nothing".to_owned(),
        (false, Some(_)) => "a claim, a number or a link holds the sentence".to_owned(),
    }
}

/// The exemptions with those that are open brought up to date. One with a reason of its own stays
/// as it is: whether that still holds is for a person to say.
fn updated(pages: &[Page], exemptions: &[Exemption]) -> Vec<Exemption> {
    let mut updated: Vec<Exemption> = Vec::new();
    let (of_pages, lost): (Vec<_>, Vec<_>) = exemptions
        .iter()
        .filter(|one| one.reason != OPEN)
        .cloned()
        .partition(|one| pages.iter().any(|page| page.name == one.page));
    for page in pages {
        updated.extend(of_pages.iter().filter(|one| one.page == page.name).cloned());
        for Owed { sentence, .. } in owed(page) {
            let is_of = |one: &Exemption| one.page == page.name && one.sentence == sentence.text;
            if !updated.iter().any(is_of) {
                updated.push(Exemption {
                    page: page.name.clone(),
                    reason: OPEN.to_owned(),
                    sentence: sentence.text,
                    line: 0,
                });
            }
        }
    }
    updated.extend(lost);
    updated
}

#[cfg(test)]
mod tests {
    use std::{env, fs, io};

    use super::*;
    use crate::support::summary::Entry;
    use crate::support::{assert_none, lines};
    use crate::{example, pages, root};

    /// The pages in the order of the summary, any others behind.
    fn in_order(mut pages: Vec<Page>, summary: &[Entry]) -> Vec<Page> {
        pages.sort_by_key(|page| {
            let place = summary.iter().position(|entry| entry.page == page.name);
            place.unwrap_or(summary.len())
        });
        pages
    }

    /// A page with a sentence in it and a cell that claims.
    fn page(prose: &str, fence: &str, code: &str) -> Page {
        example(
            "book/page.md",
            &format!("{prose}\n\n```{fence}\n{code}\n```\n"),
        )
    }

    #[track_caller]
    fn assert_quotes(prose: &str, code: &str) {
        assert_none(&quoted(&page(prose, "rust", code)));
    }

    #[track_caller]
    fn assert_misquotes(prose: &str, code: &str, problem: &str) {
        assert_eq!(lines(&quoted(&page(prose, "rust", code))), [problem]);
    }

    #[test]
    fn words_that_stand_once_pass() {
        let prose = "The *slope* of $\\yhat_i$ is\nlargest at “½”, and vanishes at 0. Not so here.";
        assert_quotes(
            prose,
            r#"# claim!("slope* of $\\yhat_i$ is largest at “½”", a > b);"#,
        );
        assert_quotes(
            prose,
            r###"claim!(r#"*slope* of $\yhat_i$ is"#, a > b, "{a}");"###,
        );
        assert_quotes(
            prose,
            "for a in b {\n    mdbook_cells::claim![\n        \"vanishes\n at\", a\n];\n}",
        );
        assert_quotes(
            prose,
            "# claim!(\"and \\\n#     vanishes\", a);\n# claim!(\"\\u{201c}½”\", b)",
        );
        assert_quotes(
            "A. The slopes are slopes of a slope.",
            "claim!(\"slope\", a);",
        );
    }

    #[test]
    fn words_that_stand_elsewhere_fail() {
        let found_none = |words: &str, line: usize| {
            format!(
                "book/page.md:{line}: the claim quotes \"{words}\"; \
                 expected once in a sentence of this page, found none"
            )
        };
        let prose = "The slope is largest at one half.\nIt vanishes `at 0`.";
        let absent = "claim!(\"It rises\", a);";
        assert_misquotes(prose, absent, &found_none("It rises", 5));
        let changed = "let a = 1;\n# claim!(\"The slope is smallest at one\", a);";
        assert_misquotes(
            prose,
            changed,
            &found_none("The slope is smallest at one", 6),
        );
        let in_part = "claim!(\"The slope is large\", a);";
        assert_misquotes(prose, in_part, &found_none("The slope is large", 5));
        let in_two = "claim!(\"one half. It vanishes\", a);";
        assert_misquotes(prose, in_two, &found_none("one half. It vanishes", 5));
        let in_code = "// It grows.\nclaim!(\"It grows\", a);";
        assert_misquotes(prose, in_code, &found_none("It grows", 6));
    }

    #[test]
    fn words_that_stand_twice_fail() {
        let twice = |lines| {
            format!(
                "book/page.md:6: the claim quotes \"It falls\"; \
                 expected once in a sentence of this page, found 2, on lines {lines}"
            )
        };
        let claim = "claim!(\"It falls\", a);";
        assert_misquotes("It falls.\nIt\nfalls here.", claim, &twice("1, 2"));
        assert_misquotes("\nIt falls when It falls.\n", claim, &twice("2, 2"));
    }

    #[test]
    fn a_claim_quotes_first() {
        let problem =
            "book/page.md:4: the claim quotes nothing; expected words of a sentence first";
        assert_misquotes("It falls.", "claim!(WORDS, a);", problem);
        assert_misquotes("It falls.", "claim!(\"\", a);", problem);
        assert_misquotes("It falls.", "claim!(\" \", a);", problem);
    }

    #[test]
    fn what_only_looks_like_a_claim_is_none() {
        let prose = "It falls.";
        assert_quotes(prose, "// claim!(\"It rises\", a);\nlet a = \"claim!(b)\";");
        assert_quotes(
            prose,
            "/* claim!(\"It rises\", a) */ disclaim!(\"It rises\", a);",
        );
        assert_none(&quoted(&page(prose, "text", "claim!(\"It rises\", a);")));
    }

    #[test]
    fn a_claim_that_does_not_run_fails_and_holds_nothing() {
        for fence in ["rust,no_run", "rust,compile_fail,E0308"] {
            let page = page("It never falls.", fence, "claim!(\"It never falls\", a);");
            assert_eq!(
                lines(&quoted(&page)),
                [
                    "book/page.md:4: the claim of \"It never falls\" stands in a block that does not \
                  run to its end"
                ]
            );
            assert_eq!(lines(&unclaimed(&[page], &[])).len(), 1);
        }
    }

    /// The sentences of a page that owe a claim, each with its word.
    fn owing(source: &str) -> Vec<(String, String)> {
        let owed = owed(&example("book/page.md", source)).into_iter();
        owed.map(|owed| (owed.word, owed.sentence.text)).collect()
    }

    #[test]
    fn a_sentence_is_held_by_a_claim_a_number_or_a_link() {
        let held = [
            "The loss never rises.\n\n```rust\n# claim!(\"never rises\", a);\n```\n",
            "By (3.9) it never rises.",
            "It never rises:\n\n$$ a \\tag{3.9} $$\n",
            "It never rises, as [the derivation](a.md#b) shows.",
            "It never rises, says [its author](https://a.org).",
            "| it never rises | is shown by | (3.9) |\n|---|---|---|\n",
            "# Twelve ways\n",
            "It stays.",
        ];
        for source in held {
            assert_eq!(owing(source), [], "{source}");
        }
    }

    #[test]
    fn a_sentence_that_nothing_holds_is_owed() {
        let owes = |source: &str, word: &str, text: &str| {
            assert_eq!(owing(source), [(word.to_owned(), text.to_owned())]);
        };
        owes("It never rises. See (3.9).", "never", "It never rises.");
        owes(
            "It never rises: `f(1.2)` and $(3.9)$.",
            "never",
            "It never rises: `f(1.2)` and $(3.9)$.",
        );
        owes("It never\nrises (3).", "never", "It never rises (3).");
        owes(
            "Twice, as ![this](a.svg).",
            "twice",
            "Twice, as ![this](a.svg).",
        );
        owes("# It does the same\n", "the same", "It does the same");
        owes("<figcaption>It falls.</figcaption>", "falls", "It falls.");
        let other = "It falls. It rises.\n\n```rust\n# claim!(\"It rises\", a);\n```\n";
        owes(other, "falls", "It falls.");
    }

    /// An exemption of a sentence of the page `book/page.md`.
    fn exempt(reason: &str, sentence: &str) -> Exemption {
        Exemption {
            page: "book/page.md".to_owned(),
            reason: reason.to_owned(),
            sentence: sentence.to_owned(),
            line: 7,
        }
    }

    #[test]
    fn a_sentence_is_claimed_or_exempt() {
        let pages = [example(
            "book/page.md",
            "# Page\n\nIt\nnever falls. It\nnever rises.\n",
        )];
        let both = [
            exempt("a joke", "It never falls."),
            exempt(OPEN, "It never rises."),
        ];
        assert_none(&unclaimed(&pages, &both));
        assert_eq!(
            lines(&unclaimed(&pages, &both[..1])),
            [
                "book/page.md:4: \"never\" asserts something, and the sentence has no claim, no \
              equation's number and no link: It never rises."
            ]
        );
    }

    #[test]
    fn an_exemption_that_is_not_needed_fails() {
        let unneeded = |source: &str, why: &str| {
            let one = exempt("a joke", "It never falls.");
            let problems = unclaimed(&[example("book/page.md", source)], &[one]);
            let expected = format!(
                "{}:7: the exemption is not needed, {why}: It never falls.",
                exemptions::FILE
            );
            assert_eq!(lines(&problems), [expected]);
        };
        unneeded("It stays.", "book/page.md has no such sentence");
        unneeded(
            "It never falls now, (3.9).",
            "book/page.md has no such sentence",
        );
        let claimed = "It never falls.\n\n```rust\nclaim!(\"never falls\", a);\n```\n";
        unneeded(claimed, "a claim, a number or a link holds the sentence");

        let page = example("book/page.md", "It never falls. It stays.");
        let here = exempt("a joke", "It never falls.");
        let other = Exemption {
            page: "book/b.md".to_owned(),
            ..here.clone()
        };
        let silent = exempt(OPEN, "It stays.");
        let file = exemptions::FILE;
        assert_eq!(
            lines(&unclaimed(&[page], &[here.clone(), here, other, silent])),
            [
                format!(
                    "{file}:7: the exemption is not needed, it stands here twice: It never falls."
                ),
                format!(
                    "{file}:7: the exemption is not needed, book/b.md is no page: It never falls."
                ),
                format!(
                    "{file}:7: the exemption is not needed, the sentence asserts nothing: It stays."
                ),
            ]
        );
    }

    #[test]
    fn updating_changes_what_is_open_and_nothing_else() {
        let pages = [
            example("book/first.md", "It falls."),
            example(
                "book/page.md",
                "It never falls. All rise. All rise. It rises, (3.9).",
            ),
        ];
        let first = Exemption {
            page: "book/first.md".to_owned(),
            ..exempt(OPEN, "It falls.")
        };
        let lost = Exemption {
            page: "book/lost.md".to_owned(),
            ..exempt("a joke", "It falls.")
        };
        let before = [
            lost.clone(),
            exempt("a joke", "It never falls."),
            exempt("out of date", "It rose."),
            exempt(OPEN, "It rises, (3.9)."),
            exempt(OPEN, "It never falls."),
        ];
        let expected = [
            Exemption { line: 0, ..first },
            exempt("a joke", "It never falls."),
            exempt("out of date", "It rose."),
            Exemption {
                line: 0,
                ..exempt(OPEN, "All rise.")
            },
            lost,
        ];
        let after = updated(&pages, &before);
        assert_eq!(after, expected);
        assert_eq!(updated(&pages, &after), expected);
    }

    #[test]
    fn the_claims_of_the_book_quote_its_sentences() -> io::Result<()> {
        let pages = pages()?;
        let claims: usize = pages.iter().map(|page| claims(page).len()).sum();
        assert!(claims > 0, "the book has no claim");
        let problems: Vec<_> = pages.iter().flat_map(quoted).collect();
        assert_none(&problems);
        Ok(())
    }

    #[test]
    fn the_sentences_of_the_book_are_claimed_or_exempt() -> io::Result<()> {
        let pages = in_order(pages()?, &crate::summary()?);
        let path = root().join(exemptions::FILE);
        let read = || Ok::<_, io::Error>(exemptions::parse(&fs::read_to_string(&path)?));
        let (mut exemptions, mut problems) = read()?;
        if env::var_os("UPDATE_EXPECT").is_some() && problems.is_empty() {
            fs::write(&path, exemptions::print(&updated(&pages, &exemptions)))?;
            (exemptions, problems) = read()?;
        }
        problems.extend(unclaimed(&pages, &exemptions));
        assert_none(&problems);
        Ok(())
    }
}
