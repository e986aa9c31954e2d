//! Every reason and every remedy is told in English, in the Portuguese of Brazil and in Spanish (B16).

use std::collections::BTreeSet;
use std::path::Path;

use outbound::model::{Channel, Holder, MediaClass};
use outbound::refusal::{Code, Fact, Language, Refusal, Value};

use crate::support::{id, signed_in, sms};

const OTHERS: [Language; 2] = [Language::Portuguese, Language::Spanish];

/// The names in braces.
fn named(sentence: &str) -> BTreeSet<String> {
    let names = sentence.split('{').skip(1).map(|rest| rest.split_once('}').expect("a name in braces").0);
    names.map(str::to_owned).collect()
}

/// A fact under any name; the constructor takes only names that are written in the source.
fn fact(name: &str, value: impl Into<Value>) -> Fact {
    Fact::new(String::leak(name.to_owned()), value)
}

#[test]
fn b16_every_code_names_the_same_facts_in_every_language() {
    for code in Code::ALL {
        let bare = Refusal::new(code.clone(), Vec::new());
        let texts =
            |language| [bare.says_template(language), bare.remedy_template(language)].map(|text| (named(text), text));
        for language in OTHERS {
            for ((facts, english), (same, other)) in texts(Language::English).into_iter().zip(texts(language)) {
                assert_eq!(facts, same, "{code} in {language}: {other}");
                assert_ne!(english, other, "{code} in {language}");
                assert!(!other.trim().is_empty() && !other.ends_with('.'), "{code} in {language}: {other}");
                assert_eq!(other.matches('`').count() % 2, 0, "{code} in {language}: {other}");
                let first = other.chars().next().unwrap();
                assert!(first.is_lowercase() || "`{".contains(first), "{code} in {language}: {other}");
            }
        }
        assert_ne!(texts(Language::Portuguese), texts(Language::Spanish), "{code}");
    }
}

#[test]
fn b16_every_sentence_is_filled_with_its_facts_in_every_language() {
    for code in Code::ALL {
        let bare = Refusal::new(code.clone(), Vec::new());
        let sentences = [bare.says_template(Language::English), bare.remedy_template(Language::English)];
        let facts: Vec<_> = named(&sentences.concat()).iter().map(|name| fact(name, format!("<{name}>"))).collect();
        let refusal = Refusal::new(code.clone(), facts);
        for language in Language::ALL {
            let told = [refusal.says(language), refusal.remedy(language)];
            for (sentence, told) in sentences.iter().zip(&told) {
                assert!(!told.contains(['{', '}']), "{code} in {language}: {told}");
                for name in named(sentence) {
                    assert!(told.contains(&format!("<{name}>")), "{code} in {language} lacks {name}: {told}");
                }
            }
            let report = refusal.report(language);
            assert_eq!([report.says, report.remedy], told);
        }
    }
}

#[test]
fn b16_a_host_tells_facts_in_its_own_words_and_the_rest_stays() {
    let floor = signed_in(&["ana", "bruno"]);
    let held = floor.start_sms("ana", "+351912345678");
    let refusals = floor.refused(&sms("bruno", "+351912345678"));
    for language in Language::ALL {
        let as_they_are = refusals.report_with(language, |_| None);
        assert_eq!(as_they_are, refusals.report(language));
        let named = refusals.report_with(language, |fact| match fact.value() {
            Value::Holder(Holder::Agent(_)) => Some("Ana Conceição".into()),
            _ => None,
        });
        let [exists] = &named[..] else { panic!("{named:#?}") };
        assert!(exists.says.contains("Ana Conceição") && exists.says.contains(&held.to_string()), "{}", exists.says);
        assert_eq!(exists.facts, as_they_are[0].facts, "the facts stay what they are");
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)).unwrap()
}

/// The part of a source that follows a mark, up to the end of its item.
fn item(path: &str, mark: &str) -> String {
    let text = read(path);
    let (_, rest) = text.split_once(mark).unwrap_or_else(|| panic!("{path} has no `{mark}`"));
    rest.split("\n}").next().unwrap().to_owned()
}

fn quoted_behind(text: &str, mark: &str) -> Vec<String> {
    let quoted: Vec<_> =
        text.split(mark).skip(1).filter_map(|rest| rest.split_once('"')).map(|(word, _)| word.to_owned()).collect();
    assert!(!quoted.is_empty(), "nothing is quoted behind `{mark}`");
    quoted
}

/// A message with its numbers put in.
fn with_numbers(message: &str) -> String {
    message
        .split('{')
        .enumerate()
        .map(|(at, part)| match part.split_once('}') {
            Some((_, rest)) if at > 0 => format!("{}{rest}", 70 + at),
            _ => part.to_owned(),
        })
        .collect()
}

/// What the library says in facts, as the source has it: a new state or a new problem cannot be forgotten.
fn words_of_the_source() -> Vec<String> {
    let mut words = Vec::new();
    for (path, mark) in [
        ("model/presence.rs", "impl State {"),
        ("model/task.rs", "impl TaskState {"),
        ("model/message.rs", "impl Status {"),
        ("model/number_plan/mod.rs", "impl LineKind {"),
        ("model/consent.rs", "impl ToldBy {"),
        ("directory/profile.rs", "impl BlendingMode {"),
        ("directory/agent.rs", "impl Licence {"),
    ] {
        let names = item(path, mark);
        let (_, names) = names.split_once("fn as_str").unwrap_or_else(|| panic!("{path}"));
        words.extend(quoted_behind(names.split("\n    }").next().unwrap(), "=> \""));
    }
    for (path, mark) in [
        ("model/address/error.rs", "pub enum NumberProblem {"),
        ("model/address/error.rs", "pub enum EmailProblem {"),
        ("model/subject.rs", "pub enum SubjectError {"),
        ("mail/file_name.rs", "pub enum FileNameError {"),
    ] {
        words.extend(quoted_behind(&item(path, mark), "#[error(\"").iter().map(|message| with_numbers(message)));
    }
    let too_long = item("model/address/error.rs", "/// The text is longer than any phone number.");
    words.push(quoted_behind(&too_long, "#[error(\"").remove(0));
    words.extend(quoted_behind(&item("policy/target.rs", "fn equipped("), "Some(\""));
    words.extend(quoted_behind(&item("policy/compose.rs", "fn fits_channel("), "Some(\""));
    words.extend(quoted_behind(&read("policy/hours.rs"), ".overridable, \""));
    words.extend(quoted_behind(&read("policy/hours.rs"), "Fact::new(\"opens\", \""));
    words.extend(quoted_behind(&read("policy/image.rs"), "found.unwrap_or(\""));
    for word in ["entry_point", "channel", "organization", "bytes", "characters"] {
        words.push(word.into());
    }
    words
}

#[test]
fn b16_every_word_in_a_fact_is_told_in_every_language() {
    const SAME: [&str; 5] = ["premium", "voip", "pager", "HTML", "bytes"];
    let words = words_of_the_source();
    assert!(words.len() > 70, "{words:#?}");
    for word in words {
        let refusal = Refusal::new(Code::AddressNotANumber, vec![Fact::new("problem", word.clone())]);
        for language in OTHERS {
            let told = refusal.says(language);
            let (_, told) = told.split_once(": ").unwrap();
            let same = told.eq_ignore_ascii_case(&word) && !SAME.contains(&word.as_str());
            assert!(!same && !told.contains('#') && !told.is_empty(), "{word} in {language}: {told}");
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(digits(told), digits(&word), "the numbers stay: {told}");
        }
    }
}

#[test]
fn b16_what_is_an_id_stays_as_it_is() {
    let ids = |language| {
        let facts = vec![Fact::new("agent", Value::Agent(id("available"))), Fact::new("reason", "idle")];
        Refusal::new(Code::AgentIdle, facts).says(language)
    };
    assert_eq!(ids(Language::Portuguese), "atendente `available` está em pausa pelo motivo `idle`");
    assert_eq!(ids(Language::Spanish), "el agente `available` está en pausa por el motivo `idle`");
    let unheard = Refusal::new(Code::TargetNotAvailable, vec![Fact::new("target", "x"), Fact::new("state", "napping")]);
    assert_eq!(unheard.says(Language::Spanish), "el agente `x` está `napping`", "a newer build may have written it");
}

#[test]
fn b16_a_dozen_sentences() {
    let at: chrono::DateTime<chrono::Utc> = "2026-11-24T09:30:05.250Z".parse().unwrap();
    let told = |code: Code, facts: &[Fact]| {
        let refusal = Refusal::new(code, facts.to_vec());
        OTHERS.map(|language| (refusal.says(language), refusal.remedy(language)))
    };
    let text = |name: &'static str, value: &'static str| Fact::new(name, value);
    let count = |name: &'static str, value: u64| Fact::new(name, value);
    let ana = || Fact::new("agent", Value::Agent(id("ana")));
    let queue = |name: &'static str| Fact::new(name, Holder::Queue(id("care_queue")));
    let parking = || Fact::new("holder", Holder::Parking(id("ana")));
    let social = || Fact::new("class", MediaClass::Social);
    let email = |name: &'static str| Fact::new(name, Channel::Email);
    for (code, facts, portuguese, spanish) in [
        (
            Code::LicenceNotPremium,
            vec![ana(), text("licence", "standard")],
            "atendente `ana` tem a licença `padrão`, e para iniciar uma conversa é preciso ter a `premium`",
            "el agente `ana` tiene la licencia `estándar`, y para iniciar una conversación se necesita `premium`",
        ),
        (
            Code::CapacityFull,
            vec![count("used", 3), count("limit", 5), social()],
            "vagas ocupadas para `social`: `3` de `5`",
            "espacios ocupados para `social`: `3` de `5`",
        ),
        (
            Code::EntryPointOtherChannel,
            vec![text("entry_point", "sms_care"), Fact::new("found", Channel::Sms), email("channel")],
            "o ponto de entrada `sms_care` é de `SMS`, não de `e-mail`",
            "el punto de entrada `sms_care` es de `SMS`, no de `correo electrónico`",
        ),
        (
            Code::AddressNotAnEmail,
            vec![text("problem", "it is longer than 254 bytes")],
            "isto não é um endereço de e-mail: tem mais de 254 bytes",
            "esto no es una dirección de correo electrónico: tiene más de 254 bytes",
        ),
        (
            Code::ConsentOptedOut,
            vec![Fact::new("since", at), text("scope", "entry_point"), text("by", "customer")],
            "o cliente não quer receber mensagens desde 2026-11-24T09:30:05Z (alcance: ponto de entrada, informado por: cliente)",
            "el cliente no quiere recibir mensajes desde 2026-11-24T09:30:05Z (alcance: punto de entrada, informado por: cliente)",
        ),
        (
            Code::ConversationExists,
            vec![text("conversation", "0190"), text("status", "queued"), queue("holder")],
            "a conversa `0190` com este cliente não está encerrada: ela está `na fila`, na fila care_queue",
            "la conversación `0190` con este cliente no está cerrada: está `en cola`; la tiene la cola care_queue",
        ),
        (
            Code::ConversationHeld,
            vec![text("conversation", "0190"), text("status", "parked"), parking()],
            "não é possível obter a conversa `0190` dessa forma: ela está `estacionada`, no estacionamento de ana",
            "la conversación `0190` no se puede obtener así: está `estacionada`; la tiene el estacionamiento de ana",
        ),
        (
            Code::MessageTooLong,
            vec![count("length", 1601), text("unit", "characters"), count("limit", 1600)],
            "a mensagem tem `1601` caracteres, e o máximo é `1600`",
            "el mensaje tiene `1601` caracteres, y el máximo es `1600`",
        ),
        (
            Code::MessageEmailOnly,
            vec![text("what", "an attachment"), Fact::new("channel", Channel::Sms)],
            "não é possível enviar por `SMS`: um anexo",
            "no se puede enviar por `SMS`: un adjunto",
        ),
        (
            Code::TemplateVariablesMissing,
            vec![text("template", "hello"), Fact::new("variables", vec!["name".to_owned(), "order".to_owned()])],
            "no modelo `hello` faltam valores para `name`, `order`",
            "en la plantilla `hello` faltan valores para `name`, `order`",
        ),
        (
            Code::SubjectNotASubject,
            vec![text("problem", "it has 300 characters, and 255 are the most")],
            "isto não é um assunto: tem 300 caracteres, e o máximo são 255",
            "esto no es un asunto: tiene 300 caracteres, y el máximo son 255",
        ),
        (
            Code::HoursQuiet,
            vec![text("local", "2026-11-24 21:30"), text("zone", "America/Sao_Paulo"), text("opens", "further notice")],
            "a hora local do destinatário, em `America/Sao_Paulo`, é 2026-11-24 21:30, e o horário de silêncio vai até segunda ordem",
            "la hora local del destinatario, en `America/Sao_Paulo`, es 2026-11-24 21:30, y el horario de silencio dura hasta nuevo aviso",
        ),
        (
            Code::TransferHopLimit,
            vec![count("hops", 1), count("limit", 1)],
            "transferências desta tarefa: `1`; o máximo é `1`",
            "transferencias de esta tarea: `1`; el máximo es `1`",
        ),
        (
            Code::TargetNotAvailable,
            vec![text("target", "ana"), text("state", "idle")],
            "atendente `ana` está `em pausa`",
            "el agente `ana` está `en pausa`",
        ),
        (
            Code::TargetNotEquipped,
            vec![text("target", "ana"), email("channel"), text("problem", "no multimedia profile")],
            "atendente `ana` não pode trabalhar com `e-mail`: sem perfil multimídia",
            "el agente `ana` no puede trabajar con `correo electrónico`: sin perfil multimedia",
        ),
        (
            Code::MessageNotFailed,
            vec![text("message", "0190"), text("status", "delivered")],
            "a mensagem `0190` está `entregue`: só se reenvia o que falhou ou expirou",
            "el mensaje `0190` está `entregado`: solo se reenvía lo que falló o venció",
        ),
    ] {
        let [in_portuguese, in_spanish] = told(code, &facts);
        assert_eq!((in_portuguese.0.as_str(), in_spanish.0.as_str()), (portuguese, spanish));
    }
    let [portuguese, spanish] = told(Code::CapacityFull, &[]);
    assert_eq!(portuguese.1, "conclua uma tarefa dessa classe, inclusive o pós-atendimento");
    assert_eq!(spanish.1, "termine una tarea de esa clase, incluido su cierre");
}

#[test]
fn b16_what_an_agent_sees_at_the_desk() {
    let floor = signed_in(&["ana", "davi"]);
    let refusals = floor.refused(&sms("davi", "912"));
    let told: Vec<_> = refusals.report(Language::Portuguese).into_iter().map(|report| report.says).collect();
    assert_eq!(
        told,
        [
            "atendente `davi` tem a licença `padrão`, e para iniciar uma conversa é preciso ter a `premium`",
            "falta o código do país no número",
        ]
    );
    floor.start_sms("ana", "+351912345678");
    let refusals = floor.refused(&sms("ana", "+351912345678"));
    assert!(refusals.primary().says(Language::Spanish).ends_with("está `activa`; la tiene el agente ana"));
}

#[test]
fn b16_a_language_is_named_by_its_tag() {
    use Language::{English, Portuguese, Spanish};
    for (tag, expected) in [
        ("en", Some(English)),
        ("en-GB", Some(English)),
        ("EN_us", Some(English)),
        ("pt", Some(Portuguese)),
        ("pt-BR", Some(Portuguese)),
        ("pt-PT", Some(Portuguese)),
        ("PT-br", Some(Portuguese)),
        ("pt_BR.UTF-8", Some(Portuguese)),
        ("es", Some(Spanish)),
        ("es-419", Some(Spanish)),
        ("es-Latn-MX", Some(Spanish)),
        ("fr", None),
        ("est", None),
        ("e", None),
        ("br-pt", None),
        ("", None),
        ("*", None),
        ("-", None),
        (" pt", None),
        ("pt;q=0.8", None),
    ] {
        assert_eq!(Language::of_tag(tag), expected, "{tag}");
        assert_eq!(tag.parse::<Language>().ok(), expected, "{tag}");
    }
    for language in Language::ALL {
        let json = serde_json::to_string(&language).unwrap();
        assert_eq!(json, format!("\"{language}\""));
        assert_eq!(serde_json::from_str::<Language>(&json).unwrap(), language);
        assert_eq!(language.tag().parse(), Ok(language));
    }
    assert_eq!(Language::ALL.map(Language::tag), ["en", "pt-BR", "es"]);
    let long = "x".repeat(10_000).parse::<Language>().unwrap_err().to_string();
    assert!(long.starts_with("there are no sentences in the language `xxx") && long.len() < 100);
    assert!(serde_json::from_str::<Language>("\"fr\"").unwrap_err().to_string().contains("`fr`"));
}
