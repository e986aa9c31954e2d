//! Templates: text with named gaps, parsed once and never sent with a gap left open (R25).

mod problem;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::mail::html::scan::{Tag, Token, tokens};
use crate::model::channel::Channel;
use crate::model::id::TemplateId;
use crate::model::is_blank;
use crate::model::subject::breaks_line;

pub use problem::{RenderError, TemplateError, TemplateProblem};

/// A template as a host writes it down (R25).
///
/// In subject and body `{{name}}` is a placeholder: its name is made of `a`–`z`, `0`–`9` and `_`, with spaces around it or not.
/// `{{{{` stands for a literal `{{`, and `}}}}` for a literal `}}`; a single brace is itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSource {
    /// Its id.
    pub id: TemplateId,
    /// The name that a desk shows.
    pub name: String,
    /// The channel it is for: one that starts outbound (R2).
    pub channel: Channel,
    /// The version, kept with each message that was made from it (B12).
    pub version: u32,
    /// The subject, for e-mail only; the agent types one where the template has none.
    #[serde(default)]
    pub subject: Option<String>,
    /// The body.
    pub body: String,
    /// Whether the body is HTML, for e-mail only; `false` by default. In a tag a placeholder stands within quotes.
    #[serde(default)]
    pub html: bool,
    /// The variables; each is used, and nothing else is.
    #[serde(default)]
    pub variables: Vec<Variable>,
}

/// A variable that a template declares (R25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name, as in `{{name}}`.
    pub name: String,
    /// What is written where the value is absent or blank; without it a value must be given.
    #[serde(default)]
    pub fallback: Option<String>,
}

/// A template that has been checked, ready to be filled in (R25).
///
/// ```
/// use std::collections::BTreeMap;
///
/// use outbound::model::{Channel, Template, TemplateSource, Variable};
///
/// let template = Template::parse(&TemplateSource {
///     id: "hello".parse()?,
///     name: "Hello".to_owned(),
///     channel: Channel::Sms,
///     version: 1,
///     subject: None,
///     body: "Hello {{name}}!".to_owned(),
///     html: false,
///     variables: vec![Variable { name: "name".to_owned(), fallback: None }],
/// })?;
/// let values = BTreeMap::from([("name".to_owned(), "Ana".to_owned())]);
/// assert_eq!(template.render(&values)?.body, "Hello Ana!");
/// assert_eq!(template.render(&BTreeMap::new()).unwrap_err().missing(), ["name"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Template {
    id: TemplateId,
    name: String,
    channel: Channel,
    version: u32,
    subject: Option<Vec<Piece>>,
    body: Vec<Piece>,
    html: bool,
    variables: Vec<Variable>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder(String),
}

impl Template {
    /// Parses a template and checks all of it (R25).
    ///
    /// # Errors
    /// [`TemplateError`] holds every problem, in the order of [`TemplateSource`]'s fields.
    pub fn parse(source: &TemplateSource) -> Result<Self, TemplateError> {
        let mut problems = Vec::new();
        let mut report = |field: &str, problem| problems.push((field.to_owned(), problem));
        let declared: BTreeSet<&str> = source.variables.iter().map(|variable| variable.name.as_str()).collect();

        if !source.channel.starts_outbound() {
            report("channel", TemplateProblem::NoOutbound(source.channel));
        }
        let subject = source.subject.as_deref().map(|text| {
            if source.channel != Channel::Email {
                report("subject", TemplateProblem::NoSubject(source.channel));
            }
            if is_blank(text) {
                report("subject", TemplateProblem::Blank);
            }
            if text.contains(breaks_line) {
                report("subject", TemplateProblem::LineBreak);
            }
            parse_text(text, &declared, |problem| report("subject", problem))
        });
        if is_blank(&source.body) {
            report("body", TemplateProblem::Blank);
        }
        let body = parse_text(&source.body, &declared, |problem| report("body", problem));
        if let Some(place) = Some(&source.body).filter(|_| source.html).and_then(|body| placeholder_in_markup(body)) {
            report("body", TemplateProblem::NotEscapable(excerpt(&place)));
        }
        if source.html && source.channel != Channel::Email {
            report("html", TemplateProblem::NoHtml(source.channel));
        }

        let in_subject: BTreeSet<&str> = subject.iter().flatten().filter_map(Piece::placeholder).collect();
        let in_body: BTreeSet<&str> = body.iter().filter_map(Piece::placeholder).collect();
        let mut seen = BTreeSet::new();
        for (i, Variable { name, fallback }) in source.variables.iter().enumerate() {
            if !is_name(name) {
                report(&format!("variables[{i}].name"), TemplateProblem::NotAName(name.clone()));
            } else if !seen.insert(name.as_str()) {
                report(&format!("variables[{i}].name"), TemplateProblem::Twice(name.clone()));
            } else if !in_subject.contains(name.as_str()) && !in_body.contains(name.as_str()) {
                report(&format!("variables[{i}].name"), TemplateProblem::Unused(name.clone()));
            }
            if in_subject.contains(name.as_str()) && fallback.as_ref().is_some_and(|text| text.contains(breaks_line)) {
                report(&format!("variables[{i}].fallback"), TemplateProblem::LineBreak);
            }
        }

        if !problems.is_empty() {
            return Err(TemplateError { problems });
        }
        Ok(Self {
            id: source.id.clone(),
            name: source.name.clone(),
            channel: source.channel,
            version: source.version,
            subject,
            body,
            html: source.html,
            variables: source.variables.clone(),
        })
    }

    /// The template's id.
    #[must_use]
    pub fn id(&self) -> &TemplateId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The channel it is for.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The version, kept with each message that was made from it (B12).
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether it has a subject; where it has none, the agent types one.
    #[must_use]
    pub fn has_subject(&self) -> bool {
        self.subject.is_some()
    }

    /// Whether the body is HTML.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.html
    }

    /// The variables, in the order in which they are declared.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Fills the template in (R25).
    ///
    /// A value is inserted as it stands, braces included, and never expanded again; in an HTML body it is escaped.
    ///
    /// # Errors
    /// [`RenderError`] names every variable that has neither a value nor a fallback, every value that no variable is declared
    /// for, and every value that would break the subject's line.
    pub fn render(&self, values: &BTreeMap<String, String>) -> Result<Rendered, RenderError> {
        let mut error = RenderError { missing: Vec::new(), unknown: Vec::new(), line_breaks: Vec::new() };
        let mut chosen: BTreeMap<&str, &str> = BTreeMap::new();
        for Variable { name, fallback } in &self.variables {
            let value = values.get(name).filter(|value| !is_blank(value));
            match value.or(fallback.as_ref()) {
                Some(value) => _ = chosen.insert(name, value),
                None => error.missing.push(name.clone()),
            }
            let in_subject = || self.subject.iter().flatten().any(|piece| piece.placeholder() == Some(name));
            if value.is_some_and(|value| value.contains(breaks_line)) && in_subject() {
                error.line_breaks.push(name.clone());
            }
        }
        let declared = |name: &&String| self.variables.iter().any(|variable| variable.name == **name);
        error.unknown.extend(values.keys().filter(|name| !declared(name)).cloned());
        if !error.is_empty() {
            return Err(error);
        }
        Ok(Rendered {
            subject: self.subject.as_deref().map(|pieces| fill(pieces, &chosen, false)),
            body: fill(&self.body, &chosen, self.html),
        })
    }
}

/// A template filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendered {
    /// The subject, of one line, where the template has one.
    pub subject: Option<String>,
    /// The body.
    pub body: String,
}

fn fill(pieces: &[Piece], values: &BTreeMap<&str, &str>, html: bool) -> String {
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Placeholder(name) => {
                let value = values.get(name.as_str()).copied().unwrap_or_default();
                if html { escape(value, &mut filled) } else { filled.push_str(value) }
            }
        }
    }
    filled
}

fn escape(value: &str, to: &mut String) {
    for c in value.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\'' => to.push_str("&#39;"),
            c => to.push(c),
        }
    }
}

impl Piece {
    fn placeholder(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Placeholder(name) => Some(name),
        }
    }
}

fn parse_text(text: &str, declared: &BTreeSet<&str>, mut report: impl FnMut(TemplateProblem)) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut undeclared = BTreeSet::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, from_brace)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
        literal.push_str(before);
        if let Some(after) = from_brace.strip_prefix("{{{{") {
            literal.push_str("{{");
            rest = after;
        } else if let Some(after) = from_brace.strip_prefix("}}}}") {
            literal.push_str("}}");
            rest = after;
        } else if let Some(inside) = from_brace.strip_prefix("{{") {
            let Some((name, after)) = inside.split_once("}}") else {
                report(TemplateProblem::Unclosed(excerpt(from_brace)));
                return pieces;
            };
            let trimmed = name.trim_matches(' ');
            if !is_name(trimmed) {
                report(TemplateProblem::BadPlaceholder(excerpt(name)));
            } else if !declared.contains(trimmed) && undeclared.insert(trimmed) {
                report(TemplateProblem::Undeclared(trimmed.to_owned()));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Placeholder(trimmed.to_owned()));
            rest = after;
        } else if let Some(after) = from_brace.strip_prefix("}}") {
            report(TemplateProblem::Unopened(excerpt(from_brace)));
            rest = after;
        } else {
            let mut chars = from_brace.chars();
            literal.extend(chars.next());
            rest = chars.as_str();
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    pieces
}

/// The first place where the markup of an HTML body has a placeholder other than in a quoted value, where alone it can be escaped.
fn placeholder_in_markup(body: &str) -> Option<String> {
    // A literal brace is no placeholder.
    let body = body.replace("{{{{", "").replace("}}}}", "");
    let has_one = |text: &str| text.contains("{{");
    let in_tag = |tag: &Tag<'_>| {
        let quoted = |at: usize| body.get(..at).is_some_and(|before| before.ends_with(['"', '\'']));
        let attributes = tag.attributes.iter();
        let mut bare = attributes.filter(|it| has_one(it.name) || has_one(&it.value()) && !quoted(it.at.start));
        let of_attribute = bare.next().map(|it| it.name.to_owned());
        of_attribute.or_else(|| has_one(tag.name).then(|| tag.name.to_owned()))
    };
    tokens(&body).find_map(|token| match token {
        Token::Open(tag) => in_tag(&tag),
        Token::Raw(text) => has_one(text).then(|| text.to_owned()),
        Token::Text(text) => text.contains("<{{").then(|| "<{{".to_owned()),
        Token::Close(_) => None,
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
