//! The sentences in a Spanish that is understood in Spain and in America: lower case, no full stop, values in back-ticks.

use super::{Code, Text, Words};
use crate::model::{Channel, Holder, MediaClass};

pub(super) const fn text(code: &Code) -> Text {
    let (says, remedy) = match code {
        Code::AgentUnknown => ("el agente `{agent}` no está en el directorio", "agregue el agente a la configuración"),
        Code::LicenceNotPremium => (
            "el agente `{agent}` tiene la licencia `{licence}`, y para iniciar una conversación se necesita `premium`",
            "dé al agente una licencia premium",
        ),
        Code::LicenceNoDigitalAccess => (
            "el agente `{agent}` no tiene acceso a los canales digitales",
            "dé al agente acceso a los canales digitales",
        ),
        Code::OrganizationNotDigital => (
            "la organización no ha habilitado los canales digitales",
            "habilite los canales digitales de la organización",
        ),
        Code::AgentSignedOut => ("el agente `{agent}` no ha iniciado sesión", "inicie la sesión del agente"),
        Code::AgentSignedIn => {
            ("el agente `{agent}` ya tiene sesión en el equipo `{team}`", "cierre primero la sesión del agente")
        }
        Code::AgentNotInTeam => (
            "el agente `{agent}` no puede iniciar sesión en el equipo `{team}`",
            "asigne el equipo al agente, o elija uno de los suyos",
        ),
        Code::AgentIdle => {
            ("el agente `{agent}` está en pausa por el motivo `{reason}`", "cambie el estado del agente a disponible")
        }
        Code::AgentInRona => {
            ("el agente `{agent}` está en RONA", "salga de RONA, indicando también el estado que sigue")
        }
        Code::AgentNotInRona => {
            ("el agente `{agent}` no está en RONA, sino en el estado `{state}`", "en su lugar, fije el estado")
        }
        Code::AgentStateNotPerChannel => (
            "el perfil del agente `{agent}` mantiene un solo estado para todos los canales",
            "fije el estado sin indicar la clase, o haga que el perfil mantenga un estado por canal",
        ),
        Code::AgentIdleReasonUnknown => {
            ("no existe el motivo de pausa `{reason}`", "elija uno de los motivos de pausa de la configuración")
        }
        Code::AgentHoldsWork => (
            "el agente `{agent}` todavía tiene tareas o interacciones a su cargo: `{held}`",
            "termínelas, o cierre la sesión con `requeue`",
        ),
        Code::ChannelNotOutbound => {
            ("no se pueden iniciar conversaciones por `{channel}`", "elija SMS o correo electrónico")
        }
        Code::ProfileAbsent => (
            "el agente `{agent}` no tiene perfil multimedia, y tampoco lo tienen su equipo ni su sede",
            "dé un perfil multimedia al agente, al equipo o a la sede, o inicie la sesión en un equipo que lo tenga",
        ),
        Code::ProfileChannelNotAllowed => {
            ("el perfil `{profile}` no da espacios para `{class}`", "dé al perfil espacios para `{class}`")
        }
        Code::CapacityFull => (
            "espacios ocupados para `{class}`: `{used}` de `{limit}`",
            "termine una tarea de esa clase, incluido su cierre",
        ),
        Code::CapacityOutboundFull => (
            "espacios ocupados para tareas salientes en `{class}`: `{used}` de `{limit}`",
            "termine una tarea saliente de esa clase, incluido su cierre",
        ),
        Code::CapacityBlended => (
            "el perfil `{profile}` es `{blending}`, y lo que hace ahora el agente `{agent}` no deja lugar para `{class}`",
            "termine primero el otro trabajo",
        ),
        Code::EntryPointNoneConfigured => (
            "no hay ningún punto de entrada configurado para `{channel}`",
            "configure un punto de entrada para `{channel}`",
        ),
        Code::EntryPointUnknown => ("no existe el punto de entrada `{entry_point}`", "elija uno de la lista"),
        Code::EntryPointOtherChannel => (
            "el punto de entrada `{entry_point}` es de `{found}`, no de `{channel}`",
            "elija un punto de entrada de `{channel}`, o el canal `{found}`",
        ),
        Code::EntryPointDisabled => ("el punto de entrada `{entry_point}` está desactivado", "actívelo, o elija otro"),
        Code::AddressNoCountryCode => {
            ("al número le falta el código de país", "escríbalo en formato internacional, con `+` y el código de país")
        }
        Code::AddressNotANumber => {
            ("esto no es un número de teléfono: {problem}", "escriba `+`, el código de país y el número")
        }
        Code::AddressNumberNotValid => ("ese número de teléfono no existe", "revise el número"),
        Code::AddressCannotReceiveSms => {
            ("el número es del tipo `{line}`, que no puede recibir SMS", "use un número móvil")
        }
        Code::AddressNotAnEmail => {
            ("esto no es una dirección de correo electrónico: {problem}", "escríbala como `nombre@dominio`")
        }
        Code::AddressOtherChannel => (
            "no se puede escribir a nadie por `{channel}` en esta dirección",
            "use una dirección del canal, u otro canal",
        ),
        Code::CustomerMismatch => (
            "la dirección es del cliente `{customer}`, no de `{given}`",
            "no indique el cliente, o indique `{customer}`",
        ),
        Code::ConsentOptedOut => (
            "el cliente no quiere recibir mensajes desde {since} (alcance: {scope}, informado por: {by})",
            "espere a que el cliente vuelva a pedir mensajes",
        ),
        Code::ConsentSuppressed => (
            "en esta dirección no se llega a nadie; no se le escribe hasta {until} (desde {since}, informado por: {by})",
            "use otra dirección, o levante el bloqueo",
        ),
        Code::ConversationExists => (
            "la conversación `{conversation}` con este cliente no está cerrada: está `{status}`; la tiene {holder}",
            "siga en esa conversación, ciérrela, tómela si está en una cola o estacionada, o pídala a quien la tiene",
        ),
        Code::ConversationHeld => (
            "la conversación `{conversation}` no se puede obtener así: está `{status}`; la tiene {holder}",
            "pida a quien la tiene que la ceda, o tómela cuando esté en cola o estacionada",
        ),
        Code::ConversationUnknown => ("no existe la conversación `{conversation}`", "revise el identificador"),
        Code::ConversationClosed => (
            "la conversación `{conversation}` se cerró el {at}",
            "inicie una conversación nueva; el historial se conserva",
        ),
        Code::TaskNotYours => (
            "la tarea no la tiene el agente `{agent}`, sino {holder}",
            "pídala a quien la tiene, o solicite la transferencia",
        ),
        Code::TaskNotActive => ("la tarea está `{status}`, no activa", "espere a que vuelva a estar activa"),
        Code::TaskFrozen => (
            "la tarea está congelada hasta que responda `{target}`, como máximo hasta {until}",
            "espere la respuesta, o cancele la transferencia",
        ),
        Code::TaskHeldByAgent => (
            "la tarea está a cargo del agente `{holder_agent}`",
            "deje que lo haga ese agente, o cierre su sesión con `requeue`",
        ),
        Code::HolderPresent => ("quien tiene la tarea sigue en el directorio", "déjela donde está, o transfiérala"),
        Code::MessageBlank => ("el mensaje está en blanco", "escriba algo"),
        Code::MessageTooLong => ("el mensaje tiene `{length}` {unit}, y el máximo es `{limit}`", "acórtelo"),
        Code::MessageTooManySegments => (
            "segmentos del mensaje en `{encoding}`: `{segments}`; el máximo es `{limit}`",
            "acórtelo; con algo parecido en lugar de los caracteres que no están en gsm7 (`{forced}`), el total de segmentos sería `{plainer_segments}`",
        ),
        Code::MessageEmailOnly => {
            ("no se puede enviar por `{channel}`: {what}", "quítelo, o escriba por correo electrónico")
        }
        Code::MessageDeadlinePassed => {
            ("el plazo del mensaje, {deadline}, ya pasó", "indique un plazo posterior, o ninguno")
        }
        Code::TemplateUnknown => {
            ("no existe la plantilla `{template}`", "elija una de las plantillas de la configuración")
        }
        Code::TemplateOtherChannel => {
            ("la plantilla `{template}` es de `{found}`, no de `{channel}`", "elija una plantilla de `{channel}`")
        }
        Code::TemplateVariablesMissing => {
            ("en la plantilla `{template}` faltan valores para `{variables}`", "indique un valor para cada uno")
        }
        Code::TemplateVariablesUnknown => {
            ("la plantilla `{template}` no tiene variables con estos nombres: `{variables}`", "quítelas")
        }
        Code::TemplateValueNotALine => (
            "el valor de `{variables}` en el asunto de la plantilla `{template}` no es una sola línea",
            "quite el salto de línea",
        ),
        Code::SubjectMissing => {
            ("el primer correo electrónico de una conversación necesita un asunto", "indique un asunto")
        }
        Code::SubjectNotASubject => ("esto no es un asunto: {problem}", "escriba una línea que no esté en blanco"),
        Code::SubjectUsed => (
            "el asunto ya se usó con este cliente en la conversación `{conversation}`",
            "elija un asunto que no se haya usado con este cliente",
        ),
        Code::HtmlCleaned => (
            "el HTML contiene lo que un correo electrónico no debe tener: `{removed}`",
            "quítelo; sin eso se puede enviar el mensaje",
        ),
        Code::AttachmentTooMany => ("archivos adjuntos: `{count}`; el máximo es `{limit}`", "adjunte menos archivos"),
        Code::AttachmentTooLarge => {
            ("el adjunto `{attachment}` tiene `{size}` bytes, y el máximo es `{limit}`", "envíe un enlace en su lugar")
        }
        Code::AttachmentTotalTooLarge => (
            "los adjuntos y las imágenes suman `{size}` bytes, y el máximo es `{limit}`",
            "adjunte menos, o envíe enlaces en su lugar",
        ),
        Code::AttachmentTypeForbidden => (
            "el adjunto `{attachment}` es del tipo de medio `{media_type}` y de la extensión `{extension}`, que no se pueden enviar",
            "envíelo en otro formato",
        ),
        Code::AttachmentNameNotAcceptable => {
            ("el nombre del adjunto `{attachment}` no es aceptable: {problem}", "dé otro nombre al archivo")
        }
        Code::ImageForbidden => {
            ("las imágenes en el texto están prohibidas en una organización con integración PCI", "quite las imágenes")
        }
        Code::ImageTooLarge => ("la imagen `{image}` tiene `{size}` bytes, y el máximo es `{limit}`", "redúzcala"),
        Code::ImageNotAnImage => (
            "`{image}` es del tipo de medio `{media_type}`, que no es el de una imagen que muestre cualquier programa de correo",
            "use `image/png`, `image/jpeg`, `image/gif` o `image/webp`, o adjúntela como archivo",
        ),
        Code::ImageNotAsDeclared => (
            "`{image}` está declarada como `{media_type}`, pero su contenido es de `{found}`",
            "declare lo que es, o proporcione otra imagen",
        ),
        Code::ImageNoHost => (
            "la organización no tiene dónde alojar las imágenes del texto",
            "agregue un `media_base_url` a la configuración",
        ),
        Code::ImageNotShown => {
            ("la imagen `{image}` no aparece en el texto", "muéstrela como `inline:{image}`, o quítela")
        }
        Code::ImageNotGiven => {
            ("el texto muestra la imagen `{image}`, que no se proporcionó", "proporcione la imagen, o quítela")
        }
        Code::ImageEmbedded => (
            "el texto lleva incrustados los datos de una imagen",
            "proporcione la imagen aparte y muéstrela como `inline:` y su nombre",
        ),
        Code::ContentIdNotSupported => (
            "no se admite el correo en varias partes con Content-ID",
            "proporcione las imágenes aparte, y muéstrelas como `inline:` y el nombre de cada una",
        ),
        Code::ZoneUnknown => {
            ("no existe la zona horaria `{zone}`", "indique una que conozca la tabla de zonas del sistema")
        }
        Code::HoursQuiet => (
            "la hora local del destinatario, en `{zone}`, es {local}, y el horario de silencio dura hasta {opens}",
            "envíelo cuando termine el horario de silencio",
        ),
        Code::CapsReached => (
            "mensajes enviados al cliente en `{seconds}` segundos: `{used}`; el máximo es `{limit}`",
            "espere a que vuelva a haber lugar",
        ),
        Code::OverrideNotAllowed => (
            "la configuración no permite que un agente omita esto: `{what}`",
            "envíelo sin omitir la regla, o cambie la configuración",
        ),
        Code::CustomerWroteMeanwhile => (
            "mientras tanto el cliente escribió el mensaje `{message}`",
            "léalo, y vuelva a enviar indicando que lo ha visto",
        ),
        Code::WorkflowUnknown => {
            ("no existe el flujo de trabajo `{workflow}`", "elija uno de los flujos de trabajo de la configuración")
        }
        Code::WorkflowEventOnly => (
            "el flujo de trabajo `{workflow}` se activa por eventos, y una conversación saliente no activa ninguno",
            "active un flujo de trabajo manual",
        ),
        Code::ConferenceNotSupported => {
            ("una conversación saliente no puede convertirse en conferencia", "en su lugar, transfiérala")
        }
        Code::OfferNotPending => ("la oferta ya terminó", "vuelva a mirar la tarea"),
        Code::OfferNotYours => ("la oferta es para el agente `{target}`", "deje que responda ese agente"),
        Code::OfferLapsed => ("la oferta venció el {deadline}", "vuelva a mirar la tarea"),
        Code::TransferPending => (
            "el agente `{agent}` tiene una transferencia pendiente, de la conversación `{conversation}`",
            "espere la respuesta, o cancele la transferencia",
        ),
        Code::TransferNotPending => {
            ("no hay ninguna transferencia pendiente de la conversación `{conversation}`", "vuelva a mirar la tarea")
        }
        Code::TransferToSelf => {
            ("el agente `{agent}` no puede transferirse una tarea a sí mismo", "elija a otra persona")
        }
        Code::TransferHopLimit => {
            ("transferencias de esta tarea: `{hops}`; el máximo es `{limit}`", "termine la tarea")
        }
        Code::TargetUnknown => ("el agente `{target}` no está en el directorio", "elija uno de la lista"),
        Code::TargetSignedOut => ("el agente `{target}` no ha iniciado sesión", "elija un agente disponible"),
        Code::TargetNotAvailable => ("el agente `{target}` está `{state}`", "elija un agente disponible"),
        Code::TargetNotEquipped => (
            "el agente `{target}` no puede trabajar con `{channel}`: {problem}",
            "elija otro agente, o cambie la configuración",
        ),
        Code::TargetFull => {
            ("espacios ocupados del agente `{target}` para `{class}`: `{used}` de `{limit}`", "elija otro agente")
        }
        Code::TargetBlended => (
            "el agente `{target}` trabaja de un modo que no deja lugar para `{class}`: el perfil es `{blending}`",
            "elija otro agente",
        ),
        Code::TargetWrapsUp => (
            "el agente `{target}` todavía debe el motivo de cierre de esta misma conversación",
            "espere a que termine el cierre, o elija otro agente",
        ),
        Code::TargetNotInQueue => {
            ("el agente `{target}` no atiende la cola `{queue}`", "elija un agente de los equipos de la cola")
        }
        Code::QueueUnknown => ("no existe la cola `{queue}`", "elija una de la lista"),
        Code::QueueOtherChannel => ("la cola `{queue}` no recibe `{channel}`", "elija otra cola"),
        Code::QueueEmpty => ("no hay nada en espera en la cola `{queue}`", "vuelva a preguntar cuando haya algo"),
        Code::QueueNoAgent => {
            ("nadie puede tomar la siguiente tarea de la cola `{queue}`", "vuelva a preguntar cuando alguien pueda")
        }
        Code::HandoverNotAsked => ("nadie pide que se le ceda esta conversación", "vuelva a mirar la tarea"),
        Code::HandoverPending => {
            ("el agente `{by}` ya ha pedido esta conversación", "espere a que esa petición se responda o venza")
        }
        Code::ParkingNotAllowed => (
            "no se puede estacionar una tarea hasta {until}: debe ser después de ahora, y no después de {limit}",
            "elija otra hora",
        ),
        Code::ParkingNotParked => {
            ("la conversación `{conversation}` no está estacionada, sino `{status}`", "vuelva a mirar la tarea")
        }
        Code::WrapUpNotOwed => (
            "el agente `{agent}` no debe ningún motivo de cierre de la conversación `{conversation}`",
            "vuelva a mirar la tarea",
        ),
        Code::WrapUpReasonUnknown => {
            ("no existe el motivo de cierre `{reason}`", "elija uno de los motivos de cierre de la configuración")
        }
        Code::WrapUpExtensionsUsed => {
            ("prórrogas del cierre: `{used}`; el máximo es `{limit}`", "indique el motivo de cierre")
        }
        Code::InteractionKnown => ("la interacción `{interaction}` ya ocupa un espacio", "termínela primero"),
        Code::InteractionUnknown => {
            ("la interacción `{interaction}` no ocupa ningún espacio", "revise el identificador")
        }
        Code::MessageUnknown => ("ese mensaje no existe", "revise el identificador"),
        Code::MessageNotSent => {
            ("el mensaje vino del cliente; no tiene entrega", "indique un mensaje que se haya enviado")
        }
        Code::MessageNotFailed => (
            "el mensaje `{message}` está `{status}`: solo se reenvía lo que falló o venció",
            "espere a que se envíe o falle",
        ),
        Code::MessageRetried => {
            ("el mensaje `{message}` ya se reenvió, como `{retry}`", "mire ese mensaje en su lugar")
        }
        Code::DeliveryBacklog => (
            "mensajes de la conversación a la espera de envío: `{used}`; el máximo es `{limit}`",
            "espere a que se envíe uno de ellos",
        ),
        Code::DeliveryNotDue => {
            ("todavía no toca intentar enviar el mensaje", "pregunte por lo que está pendiente de envío")
        }
        Code::Host(_) => ("{says}", "{remedy}"),
    };
    Text { says, remedy }
}

pub(super) const WORDS: Words = Words { channel, class, holder, word };

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Voice => "voz",
        Channel::Chat => "chat",
        Channel::Email => "correo electrónico",
        Channel::Sms => "SMS",
    }
}

const fn class(class: MediaClass) -> &'static str {
    match class {
        MediaClass::Voice => "voz",
        MediaClass::Chat => "chat",
        MediaClass::Email => "correo electrónico",
        MediaClass::Social => "social",
    }
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Agent(agent) => format!("el agente {agent}"),
        Holder::Queue(queue) => format!("la cola {queue}"),
        Holder::Parking(agent) => format!("el estacionamiento de {agent}"),
    }
}

fn word(english: &str) -> Option<&'static str> {
    Some(match english {
        // States of agents, of tasks and of messages.
        "available" => "disponible",
        "idle" => "en pausa",
        "rona" => "en RONA",
        "queued" => "en cola",
        "offered" => "ofrecida",
        "active" => "activa",
        "frozen" => "congelada",
        "parked" => "estacionada",
        "wrap_up" => "en cierre",
        "done" => "terminada",
        "received" => "recibido",
        "expired" => "vencido",
        "sent" => "enviado",
        "failed" => "fallido",
        "delivered" => "entregado",
        "read" => "leído",
        // Licences and profiles.
        "premium" => "premium",
        "standard" => "estándar",
        "blended" => "mixto",
        "blended_real_time" => "mixto en tiempo real",
        "exclusive" => "exclusivo",
        "no access to digital channels" => "sin acceso a los canales digitales",
        "no multimedia profile" => "sin perfil multimedia",
        "no slots for it in the profile" => "sin espacios para ello en el perfil",
        // Consent and hours.
        "entry_point" => "punto de entrada",
        "channel" => "canal",
        "organization" => "organización",
        "customer" => "cliente",
        "provider" => "proveedor",
        "agent" => "agente",
        "host" => "sistema",
        "further notice" => "nuevo aviso",
        "quiet hours" => "horario de silencio",
        "caps" => "límites de frecuencia",
        // Lines of phones, and what is wrong with a number.
        "mobile" => "móvil",
        "fixed_or_mobile" => "fijo o móvil",
        "fixed" => "fijo",
        "voip" => "VoIP",
        "pager" => "pager",
        "personal" => "número personal",
        "toll_free" => "llamada gratuita",
        "premium_rate" => "tarifa especial",
        "shared_cost" => "tarifa compartida",
        "uan" => "número único de empresa",
        "other" => "otro",
        "it has no digits" => "no tiene dígitos",
        "it holds a letter" => "contiene una letra",
        "it holds a character that no number is written with" => "contiene un carácter que no se usa en números",
        "it holds a `+` that is not at its beginning" => "contiene un `+` que no está al principio",
        "it has fewer digits than any number" => "tiene menos dígitos que cualquier número",
        "no country code begins with #" => "ningún código de país empieza por #",
        "it is longer than any phone number: # digits are the most" => {
            "es más largo que cualquier número de teléfono: el máximo son # dígitos"
        }
        // What is wrong with an e-mail address.
        "it is empty" => "está vacía",
        "it is longer than # bytes" => "tiene más de # bytes",
        "it holds a control character" => "contiene un carácter de control",
        "it has no `@`" => "falta la `@`",
        "it has a display name or angle brackets" => "contiene un nombre para mostrar o los signos `<` y `>`",
        "nothing stands before the `@`" => "no hay nada antes de la `@`",
        "the part before the `@` is longer than # bytes" => "la parte anterior a la `@` tiene más de # bytes",
        "the part before the `@` is in quotes" => "la parte anterior a la `@` está entre comillas",
        "the part before the `@` holds a dot or a character that cannot be there" => {
            "la parte anterior a la `@` tiene un punto o un carácter que no puede estar ahí"
        }
        "the part before the `@` has other letters than ASCII, which this system does not take" => {
            "la parte anterior a la `@` tiene letras que no son ASCII, que este sistema no admite"
        }
        "nothing stands behind the `@`" => "no hay nada después de la `@`",
        "the domain ends with a dot" => "el dominio termina en un punto",
        "the domain is an IP address" => "el dominio es una dirección IP",
        "the domain has no top-level domain" => "falta el dominio de nivel superior, como `.com`",
        "the top-level domain is a number" => "el dominio de nivel superior es un número",
        "the domain has other letters than ASCII, which this system does not take" => {
            "el dominio tiene letras que no son ASCII, que este sistema no admite"
        }
        "the part behind the `@` is not a domain name" => "la parte posterior a la `@` no es un nombre de dominio",
        // What is written.
        "characters" => "caracteres",
        "bytes" => "bytes",
        "HTML" => "HTML",
        "a subject" => "un asunto",
        "an attachment" => "un adjunto",
        "it is blank" => "está en blanco",
        "it holds a line break or another control character" => "contiene un salto de línea u otro carácter de control",
        "it has # characters, and # are the most" => "tiene # caracteres, y el máximo son #",
        "it holds a character that hides or turns others" => "contiene un carácter que oculta o invierte otros",
        "it holds a character that no file name has" => "contiene un carácter que ningún nombre de archivo tiene",
        "it begins with white space, or ends with a dot or white space" => {
            "empieza con un espacio, o termina en punto o espacio"
        }
        "it is the name of a device" => "es el nombre de un dispositivo",
        "none of these" => "ninguno de esos tipos",
        _ => return None,
    })
}
