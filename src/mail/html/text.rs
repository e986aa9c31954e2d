//! HTML as plain text: for the text part of a mail, for previews, for search.

use super::scan::{Tag, Token, is_space, tokens};

/// The elements that stand on lines of their own.
const BLOCKS: [&str; 32] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "section",
    "table",
    "tr",
    "ul",
];

/// The elements with an empty line before and after them.
const SPACED: [&str; 11] = ["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "table", "ul"];

/// HTML as plain text, in time linear in its length.
///
/// Paragraphs, lists and the rows of a table become lines, an image becomes what is written in its place, and the target of a link
/// follows it in angle brackets where it says something else than the link. What no reader sees, such as a script, is left out.
///
/// ```
/// use outbound::mail::html::to_text;
///
/// let html = "<h1>Order&nbsp;77</h1><p>is <b>ready</b>:<br><a href='https://acme.example/77'>see it</a></p>";
/// assert_eq!(to_text(html), "Order 77\n\nis ready:\nsee it <https://acme.example/77>");
/// ```
#[must_use]
pub fn to_text(html: &str) -> String {
    let mut text = Text::default();
    for token in tokens(html) {
        match token {
            Token::Text(words) => text.write(&super::entity::decoded(words)),
            Token::Raw(_) => {}
            Token::Open(tag) => text.open(&tag),
            Token::Close(name) => text.close(name),
        }
    }
    text.written
}

/// What goes before the next word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    Nothing,
    Space,
    Line,
    Paragraph,
}

#[derive(Debug, Default)]
struct Text {
    written: String,
    gap: Gap,
    /// How many `pre` are open, in which white space counts.
    pre: usize,
    /// Where the open link begins, and what it points to.
    link: Option<(usize, String)>,
}

impl Text {
    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        self.set_off(&name);
        let value = |attribute: &str| tag.attribute(attribute).map(|it| it.value().into_owned());
        match name.as_str() {
            "br" if self.gap >= Gap::Line => self.gap = Gap::Paragraph,
            "br" => self.gap = Gap::Line,
            "li" => self.word("- "),
            "td" | "th" => self.at_least(Gap::Space),
            "pre" => {
                self.at_least(Gap::Line);
                self.pre += 1;
            }
            "img" => self.write(&value("alt").unwrap_or_default()),
            "a" => {
                self.end_link();
                self.link = value("href").filter(|url| is_told(url)).map(|url| (self.written.len(), url));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "a" => self.end_link(),
            "pre" => {
                self.pre = self.pre.saturating_sub(1);
                self.at_least(Gap::Line);
            }
            _ => {}
        }
        self.set_off(&name);
    }

    fn set_off(&mut self, name: &str) {
        if SPACED.contains(&name) {
            self.at_least(Gap::Paragraph);
        } else if BLOCKS.contains(&name) {
            self.at_least(Gap::Line);
        }
    }

    fn at_least(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn write(&mut self, words: &str) {
        if self.pre > 0 {
            if !words.is_empty() {
                self.word(words);
            }
            return;
        }
        let blank = |c: char| is_space(c) || c == '\u{a0}';
        if words.starts_with(blank) {
            self.at_least(Gap::Space);
        }
        for word in words.split(blank).filter(|word| !word.is_empty()) {
            self.word(word);
            self.gap = Gap::Space;
        }
        if !words.ends_with(blank) && self.gap == Gap::Space && words.contains(|c| !blank(c)) {
            self.gap = Gap::Nothing;
        }
    }

    fn word(&mut self, word: &str) {
        if !self.written.is_empty() {
            self.written.push_str(match self.gap {
                Gap::Nothing => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::Nothing;
        self.written.push_str(word);
    }

    fn end_link(&mut self) {
        let Some((begin, url)) = self.link.take() else { return };
        let shown = self.written.get(begin..).unwrap_or_default();
        let bare = url.split_once(':').map_or(url.as_str(), |(_, rest)| rest.trim_matches('/'));
        if !shown.contains(bare) {
            self.at_least(Gap::Space);
            self.word(&format!("<{url}>"));
        }
    }
}

/// Whether the target of a link says something to a reader.
fn is_told(url: &str) -> bool {
    ["http:", "https:", "mailto:", "tel:"]
        .iter()
        .any(|scheme| url.split_at_checked(scheme.len()).is_some_and(|(before, _)| before.eq_ignore_ascii_case(scheme)))
}
