//! The sentences in the Portuguese of Brazil: lower case, no full stop, values in back-ticks.

use super::{Code, Text, Words};
use crate::model::{Channel, Holder, MediaClass};

pub(super) const fn text(code: &Code) -> Text {
    let (says, remedy) = match code {
        Code::AgentUnknown => ("atendente `{agent}` não consta do cadastro", "inclua o atendente na configuração"),
        Code::LicenceNotPremium => (
            "atendente `{agent}` tem a licença `{licence}`, e para iniciar uma conversa é preciso ter a `premium`",
            "dê ao atendente uma licença premium",
        ),
        Code::LicenceNoDigitalAccess => {
            ("atendente `{agent}` não tem acesso aos canais digitais", "dê ao atendente acesso aos canais digitais")
        }
        Code::OrganizationNotDigital => {
            ("a organização não habilitou os canais digitais", "habilite os canais digitais da organização")
        }
        Code::AgentSignedOut => ("atendente `{agent}` não iniciou a sessão", "inicie a sessão do atendente"),
        Code::AgentSignedIn => {
            ("atendente `{agent}` já está em sessão na equipe `{team}`", "encerre primeiro a sessão do atendente")
        }
        Code::AgentNotInTeam => (
            "atendente `{agent}` não pode iniciar sessão na equipe `{team}`",
            "associe a equipe ao atendente, ou escolha uma das equipes dele",
        ),
        Code::AgentIdle => {
            ("atendente `{agent}` está em pausa pelo motivo `{reason}`", "mude o estado do atendente para disponível")
        }
        Code::AgentInRona => {
            ("atendente `{agent}` está em RONA", "saia de RONA, indicando também o estado que vem depois")
        }
        Code::AgentNotInRona => {
            ("atendente `{agent}` não está em RONA, e sim no estado `{state}`", "em vez disso, defina o estado")
        }
        Code::AgentStateNotPerChannel => (
            "o perfil de `{agent}` mantém um só estado para todos os canais",
            "defina o estado sem indicar a classe, ou faça o perfil manter um estado por canal",
        ),
        Code::AgentIdleReasonUnknown => {
            ("não existe o motivo de pausa `{reason}`", "escolha um dos motivos de pausa da configuração")
        }
        Code::AgentHoldsWork => (
            "atendente `{agent}` ainda tem tarefas ou interações em mãos: `{held}`",
            "conclua-as, ou encerre a sessão com `requeue`",
        ),
        Code::ChannelNotOutbound => ("não é possível iniciar conversas por `{channel}`", "escolha SMS ou e-mail"),
        Code::ProfileAbsent => (
            "atendente `{agent}` não tem perfil multimídia, nem a equipe ou a unidade",
            "dê um perfil multimídia ao atendente, à equipe ou à unidade, ou inicie a sessão em uma equipe que tenha um",
        ),
        Code::ProfileChannelNotAllowed => {
            ("o perfil `{profile}` não dá vagas para `{class}`", "dê ao perfil vagas para `{class}`")
        }
        Code::CapacityFull => (
            "vagas ocupadas para `{class}`: `{used}` de `{limit}`",
            "conclua uma tarefa dessa classe, inclusive o pós-atendimento",
        ),
        Code::CapacityOutboundFull => (
            "vagas ocupadas para tarefas de saída em `{class}`: `{used}` de `{limit}`",
            "conclua uma tarefa de saída dessa classe, inclusive o pós-atendimento",
        ),
        Code::CapacityBlended => (
            "o perfil `{profile}` é `{blending}`, e o que `{agent}` faz agora não deixa espaço para `{class}`",
            "conclua primeiro o outro trabalho",
        ),
        Code::EntryPointNoneConfigured => {
            ("não há ponto de entrada configurado para `{channel}`", "configure um ponto de entrada para `{channel}`")
        }
        Code::EntryPointUnknown => ("não existe o ponto de entrada `{entry_point}`", "escolha um da lista"),
        Code::EntryPointOtherChannel => (
            "o ponto de entrada `{entry_point}` é de `{found}`, não de `{channel}`",
            "escolha um ponto de entrada de `{channel}`, ou o canal `{found}`",
        ),
        Code::EntryPointDisabled => ("o ponto de entrada `{entry_point}` está desativado", "ative-o, ou escolha outro"),
        Code::AddressNoCountryCode => {
            ("falta o código do país no número", "escreva no formato internacional, com `+` e o código do país")
        }
        Code::AddressNotANumber => {
            ("isto não é um número de telefone: {problem}", "escreva `+`, o código do país e o número")
        }
        Code::AddressNumberNotValid => ("esse número de telefone não existe", "confira o número"),
        Code::AddressCannotReceiveSms => {
            ("o número é do tipo `{line}`, que não recebe SMS", "use um número de celular")
        }
        Code::AddressNotAnEmail => ("isto não é um endereço de e-mail: {problem}", "escreva no formato `nome@domínio`"),
        Code::AddressOtherChannel => (
            "não é possível escrever para ninguém por `{channel}` neste endereço",
            "use um endereço do canal, ou outro canal",
        ),
        Code::CustomerMismatch => {
            ("o endereço é do cliente `{customer}`, não de `{given}`", "não informe o cliente, ou informe `{customer}`")
        }
        Code::ConsentOptedOut => (
            "o cliente não quer receber mensagens desde {since} (alcance: {scope}, informado por: {by})",
            "espere até que o cliente volte a pedir mensagens",
        ),
        Code::ConsentSuppressed => (
            "ninguém é alcançado neste endereço; nada é enviado a ele até {until} (desde {since}, informado por: {by})",
            "use outro endereço, ou suspenda o bloqueio",
        ),
        Code::ConversationExists => (
            "a conversa `{conversation}` com este cliente não está encerrada: ela está `{status}`, {holder}",
            "continue nessa conversa, encerre-a, assuma-a se estiver numa fila ou estacionada, ou peça-a a quem está com ela",
        ),
        Code::ConversationHeld => (
            "não é possível obter a conversa `{conversation}` dessa forma: ela está `{status}`, {holder}",
            "peça a quem está com ela que a passe, ou assuma-a quando estiver na fila ou estacionada",
        ),
        Code::ConversationUnknown => ("não existe a conversa `{conversation}`", "confira o identificador"),
        Code::ConversationClosed => {
            ("a conversa `{conversation}` foi encerrada em {at}", "inicie uma nova conversa; o histórico é mantido")
        }
        Code::TaskNotYours => (
            "a tarefa não está com `{agent}`, e sim {holder}",
            "peça-a a quem está com ela, ou solicite a transferência",
        ),
        Code::TaskNotActive => ("a tarefa está `{status}`, não ativa", "espere até que ela volte a ficar ativa"),
        Code::TaskFrozen => (
            "a tarefa está congelada até a resposta de `{target}`, no máximo até {until}",
            "espere a resposta, ou cancele a transferência",
        ),
        Code::TaskHeldByAgent => (
            "a tarefa está com `{holder_agent}`",
            "deixe isso com esse atendente, ou encerre a sessão dele com `requeue`",
        ),
        Code::HolderPresent => ("quem está com a tarefa ainda consta do cadastro", "deixe-a onde está, ou transfira-a"),
        Code::MessageBlank => ("a mensagem está em branco", "escreva algo"),
        Code::MessageTooLong => ("a mensagem tem `{length}` {unit}, e o máximo é `{limit}`", "encurte-a"),
        Code::MessageTooManySegments => (
            "segmentos da mensagem em `{encoding}`: `{segments}`; o máximo é `{limit}`",
            "encurte-a; com algo parecido no lugar dos caracteres que não estão em gsm7 (`{forced}`), o total de segmentos seria `{plainer_segments}`",
        ),
        Code::MessageEmailOnly => {
            ("não é possível enviar por `{channel}`: {what}", "deixe isso de fora, ou escreva por e-mail")
        }
        Code::MessageDeadlinePassed => {
            ("o prazo da mensagem, {deadline}, já passou", "indique um prazo posterior, ou nenhum")
        }
        Code::TemplateUnknown => ("não existe o modelo `{template}`", "escolha um dos modelos da configuração"),
        Code::TemplateOtherChannel => {
            ("o modelo `{template}` é de `{found}`, não de `{channel}`", "escolha um modelo de `{channel}`")
        }
        Code::TemplateVariablesMissing => {
            ("no modelo `{template}` faltam valores para `{variables}`", "informe um valor para cada um")
        }
        Code::TemplateVariablesUnknown => {
            ("o modelo `{template}` não tem variáveis com estes nomes: `{variables}`", "deixe-as de fora")
        }
        Code::TemplateValueNotALine => (
            "o valor de `{variables}` no assunto do modelo `{template}` não cabe em uma só linha",
            "retire a quebra de linha",
        ),
        Code::SubjectMissing => ("o primeiro e-mail de uma conversa precisa de assunto", "informe um assunto"),
        Code::SubjectNotASubject => ("isto não é um assunto: {problem}", "escreva uma linha que não esteja em branco"),
        Code::SubjectUsed => (
            "o assunto já foi usado com este cliente na conversa `{conversation}`",
            "escolha um assunto ainda não usado com este cliente",
        ),
        Code::HtmlCleaned => (
            "o HTML contém o que um e-mail não pode ter: `{removed}`",
            "retire isso; sem isso a mensagem pode ser enviada",
        ),
        Code::AttachmentTooMany => ("arquivos anexados: `{count}`; o máximo é `{limit}`", "anexe menos arquivos"),
        Code::AttachmentTooLarge => {
            ("o anexo `{attachment}` tem `{size}` bytes, e o máximo é `{limit}`", "envie um link em vez dele")
        }
        Code::AttachmentTotalTooLarge => (
            "anexos e imagens somam `{size}` bytes, e o máximo é `{limit}`",
            "anexe menos, ou envie links em vez disso",
        ),
        Code::AttachmentTypeForbidden => (
            "o anexo `{attachment}` tem o tipo de mídia `{media_type}` e a extensão `{extension}`, que não podem ser enviados",
            "envie em outro formato",
        ),
        Code::AttachmentNameNotAcceptable => {
            ("o nome do anexo `{attachment}` não é aceitável: {problem}", "dê outro nome ao arquivo")
        }
        Code::ImageForbidden => {
            ("imagens no texto são proibidas numa organização com integração PCI", "retire as imagens")
        }
        Code::ImageTooLarge => ("a imagem `{image}` tem `{size}` bytes, e o máximo é `{limit}`", "reduza a imagem"),
        Code::ImageNotAnImage => (
            "`{image}` tem o tipo de mídia `{media_type}`, que não é o de uma imagem que todo programa de e-mail mostra",
            "use `image/png`, `image/jpeg`, `image/gif` ou `image/webp`, ou anexe-a como arquivo",
        ),
        Code::ImageNotAsDeclared => (
            "`{image}` foi declarada como `{media_type}`, mas o conteúdo é de `{found}`",
            "declare o que ela é, ou forneça outra imagem",
        ),
        Code::ImageNoHost => {
            ("a organização não tem onde hospedar as imagens do texto", "inclua um `media_base_url` na configuração")
        }
        Code::ImageNotShown => {
            ("a imagem `{image}` não aparece no texto", "mostre-a como `inline:{image}`, ou retire-a")
        }
        Code::ImageNotGiven => {
            ("o texto mostra a imagem `{image}`, que não foi fornecida", "forneça a imagem, ou retire-a")
        }
        Code::ImageEmbedded => (
            "o texto traz embutidos os dados de uma imagem",
            "forneça a imagem à parte e mostre-a como `inline:` e o nome dela",
        ),
        Code::ContentIdNotSupported => (
            "e-mail em várias partes com Content-ID não é aceito",
            "forneça as imagens à parte, e mostre-as como `inline:` e o nome de cada uma",
        ),
        Code::ZoneUnknown => {
            ("não existe o fuso horário `{zone}`", "informe um que a tabela de fusos do sistema conheça")
        }
        Code::HoursQuiet => (
            "a hora local do destinatário, em `{zone}`, é {local}, e o horário de silêncio vai até {opens}",
            "envie quando o horário de silêncio terminar",
        ),
        Code::CapsReached => (
            "mensagens enviadas ao cliente em `{seconds}` segundos: `{used}`; o máximo é `{limit}`",
            "espere até que haja espaço de novo",
        ),
        Code::OverrideNotAllowed => (
            "a configuração não permite que um atendente ignore isto: `{what}`",
            "envie sem ignorar a regra, ou mude a configuração",
        ),
        Code::CustomerWroteMeanwhile => (
            "enquanto isso o cliente escreveu a mensagem `{message}`",
            "leia-a, e envie de novo indicando que ela foi vista",
        ),
        Code::WorkflowUnknown => {
            ("não existe o fluxo de trabalho `{workflow}`", "escolha um dos fluxos de trabalho da configuração")
        }
        Code::WorkflowEventOnly => (
            "o fluxo de trabalho `{workflow}` é acionado por eventos, e uma conversa de saída não aciona nenhum",
            "acione um fluxo de trabalho manual",
        ),
        Code::ConferenceNotSupported => {
            ("uma conversa de saída não pode virar conferência", "em vez disso, transfira-a")
        }
        Code::OfferNotPending => ("a oferta já terminou", "olhe a tarefa de novo"),
        Code::OfferNotYours => ("a oferta é para `{target}`", "deixe que esse atendente responda"),
        Code::OfferLapsed => ("a oferta expirou em {deadline}", "olhe a tarefa de novo"),
        Code::TransferPending => (
            "atendente `{agent}` tem uma transferência pendente, da conversa `{conversation}`",
            "espere a resposta, ou cancele a transferência",
        ),
        Code::TransferNotPending => {
            ("não há transferência pendente da conversa `{conversation}`", "olhe a tarefa de novo")
        }
        Code::TransferToSelf => ("atendente `{agent}` não pode transferir uma tarefa para si", "escolha outra pessoa"),
        Code::TransferHopLimit => ("transferências desta tarefa: `{hops}`; o máximo é `{limit}`", "conclua a tarefa"),
        Code::TargetUnknown => ("atendente `{target}` não consta do cadastro", "escolha um da lista"),
        Code::TargetSignedOut => ("atendente `{target}` não iniciou a sessão", "escolha um atendente disponível"),
        Code::TargetNotAvailable => ("atendente `{target}` está `{state}`", "escolha um atendente disponível"),
        Code::TargetNotEquipped => (
            "atendente `{target}` não pode trabalhar com `{channel}`: {problem}",
            "escolha outro atendente, ou mude a configuração",
        ),
        Code::TargetFull => {
            ("vagas de `{target}` ocupadas para `{class}`: `{used}` de `{limit}`", "escolha outro atendente")
        }
        Code::TargetBlended => (
            "atendente `{target}` trabalha de um modo que não deixa espaço para `{class}`: o perfil é `{blending}`",
            "escolha outro atendente",
        ),
        Code::TargetWrapsUp => (
            "atendente `{target}` ainda deve o motivo de encerramento desta mesma conversa",
            "espere até que conclua o pós-atendimento, ou escolha outro atendente",
        ),
        Code::TargetNotInQueue => {
            ("atendente `{target}` não atende a fila `{queue}`", "escolha um atendente das equipes da fila")
        }
        Code::QueueUnknown => ("não existe a fila `{queue}`", "escolha uma da lista"),
        Code::QueueOtherChannel => ("a fila `{queue}` não recebe `{channel}`", "escolha outra fila"),
        Code::QueueEmpty => ("nada espera na fila `{queue}`", "pergunte de novo quando houver algo"),
        Code::QueueNoAgent => {
            ("ninguém pode receber a próxima tarefa da fila `{queue}`", "pergunte de novo quando alguém puder")
        }
        Code::HandoverNotAsked => ("ninguém pede para receber esta conversa", "olhe a tarefa de novo"),
        Code::HandoverPending => {
            ("atendente `{by}` já pediu esta conversa", "espere até que esse pedido seja respondido ou expire")
        }
        Code::ParkingNotAllowed => (
            "não é possível estacionar uma tarefa até {until}: deve ser depois de agora, e não depois de {limit}",
            "escolha outro horário",
        ),
        Code::ParkingNotParked => {
            ("a conversa `{conversation}` não está estacionada, e sim `{status}`", "olhe a tarefa de novo")
        }
        Code::WrapUpNotOwed => (
            "atendente `{agent}` não deve motivo de encerramento da conversa `{conversation}`",
            "olhe a tarefa de novo",
        ),
        Code::WrapUpReasonUnknown => {
            ("não existe o motivo de encerramento `{reason}`", "escolha um dos motivos de encerramento da configuração")
        }
        Code::WrapUpExtensionsUsed => {
            ("prorrogações do pós-atendimento: `{used}`; o máximo é `{limit}`", "informe o motivo de encerramento")
        }
        Code::InteractionKnown => ("a interação `{interaction}` já ocupa uma vaga", "encerre-a primeiro"),
        Code::InteractionUnknown => ("a interação `{interaction}` não ocupa vaga", "confira o identificador"),
        Code::MessageUnknown => ("essa mensagem não existe", "confira o identificador"),
        Code::MessageNotSent => {
            ("a mensagem veio do cliente; para ela não há entrega", "indique uma mensagem que foi enviada")
        }
        Code::MessageNotFailed => (
            "a mensagem `{message}` está `{status}`: só se reenvia o que falhou ou expirou",
            "espere até que ela seja enviada ou falhe",
        ),
        Code::MessageRetried => {
            ("a mensagem `{message}` já foi reenviada, como `{retry}`", "em vez disso, veja essa mensagem")
        }
        Code::DeliveryBacklog => (
            "mensagens da conversa à espera de envio: `{used}`; o máximo é `{limit}`",
            "espere até que uma delas seja enviada",
        ),
        Code::DeliveryNotDue => ("não está na hora de tentar enviar a mensagem", "pergunte pelo que está na hora"),
        Code::Host(_) => ("{says}", "{remedy}"),
    };
    Text { says, remedy }
}

pub(super) const WORDS: Words = Words { channel, class, holder, word };

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Voice => "voz",
        Channel::Chat => "chat",
        Channel::Email => "e-mail",
        Channel::Sms => "SMS",
    }
}

const fn class(class: MediaClass) -> &'static str {
    match class {
        MediaClass::Voice => "voz",
        MediaClass::Chat => "chat",
        MediaClass::Email => "e-mail",
        MediaClass::Social => "social",
    }
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Agent(agent) => format!("com atendente {agent}"),
        Holder::Queue(queue) => format!("na fila {queue}"),
        Holder::Parking(agent) => format!("no estacionamento de {agent}"),
    }
}

fn word(english: &str) -> Option<&'static str> {
    Some(match english {
        // States of agents, of tasks and of messages.
        "available" => "disponível",
        "idle" => "em pausa",
        "rona" => "em RONA",
        "queued" => "na fila",
        "offered" => "oferecida",
        "active" => "ativa",
        "frozen" => "congelada",
        "parked" => "estacionada",
        "wrap_up" => "em pós-atendimento",
        "done" => "concluída",
        "received" => "recebida",
        "expired" => "expirada",
        "sent" => "enviada",
        "failed" => "com falha",
        "delivered" => "entregue",
        "read" => "lida",
        // Licences and profiles.
        "premium" => "premium",
        "standard" => "padrão",
        "blended" => "misto",
        "blended_real_time" => "misto em tempo real",
        "exclusive" => "exclusivo",
        "no access to digital channels" => "sem acesso aos canais digitais",
        "no multimedia profile" => "sem perfil multimídia",
        "no slots for it in the profile" => "sem vagas para isso no perfil",
        // Consent and hours.
        "entry_point" => "ponto de entrada",
        "channel" => "canal",
        "organization" => "organização",
        "customer" => "cliente",
        "provider" => "operadora",
        "agent" => "atendente",
        "host" => "sistema",
        "further notice" => "segunda ordem",
        "quiet hours" => "horário de silêncio",
        "caps" => "limites de frequência",
        // Lines of phones, and what is wrong with a number.
        "mobile" => "celular",
        "fixed_or_mobile" => "fixo ou celular",
        "fixed" => "fixo",
        "voip" => "VoIP",
        "pager" => "pager",
        "personal" => "número pessoal",
        "toll_free" => "chamada gratuita",
        "premium_rate" => "tarifa especial",
        "shared_cost" => "custo compartilhado",
        "uan" => "número único de empresa",
        "other" => "outro",
        "it has no digits" => "não há dígitos",
        "it holds a letter" => "há uma letra nele",
        "it holds a character that no number is written with" => "há um caractere que não se usa em números",
        "it holds a `+` that is not at its beginning" => "há um `+` que não está no início",
        "it has fewer digits than any number" => "há menos dígitos do que em qualquer número",
        "no country code begins with #" => "nenhum código de país começa com #",
        "it is longer than any phone number: # digits are the most" => {
            "é mais longo do que qualquer número de telefone: o máximo são # dígitos"
        }
        // What is wrong with an e-mail address.
        "it is empty" => "está vazio",
        "it is longer than # bytes" => "tem mais de # bytes",
        "it holds a control character" => "há um caractere de controle",
        "it has no `@`" => "falta o `@`",
        "it has a display name or angle brackets" => "há um nome de exibição ou sinais de `<` e `>`",
        "nothing stands before the `@`" => "não há nada antes do `@`",
        "the part before the `@` is longer than # bytes" => "a parte antes do `@` tem mais de # bytes",
        "the part before the `@` is in quotes" => "a parte antes do `@` está entre aspas",
        "the part before the `@` holds a dot or a character that cannot be there" => {
            "a parte antes do `@` tem um ponto ou um caractere que não pode estar ali"
        }
        "the part before the `@` has other letters than ASCII, which this system does not take" => {
            "a parte antes do `@` tem letras fora do ASCII, que este sistema não aceita"
        }
        "nothing stands behind the `@`" => "não há nada depois do `@`",
        "the domain ends with a dot" => "o domínio termina com um ponto",
        "the domain is an IP address" => "o domínio é um endereço IP",
        "the domain has no top-level domain" => "falta o domínio de topo, como `.com`",
        "the top-level domain is a number" => "o domínio de topo é um número",
        "the domain has other letters than ASCII, which this system does not take" => {
            "o domínio tem letras fora do ASCII, que este sistema não aceita"
        }
        "the part behind the `@` is not a domain name" => "a parte depois do `@` não é um nome de domínio",
        // What is written.
        "characters" => "caracteres",
        "bytes" => "bytes",
        "HTML" => "HTML",
        "a subject" => "um assunto",
        "an attachment" => "um anexo",
        "it is blank" => "está em branco",
        "it holds a line break or another control character" => "há uma quebra de linha ou outro caractere de controle",
        "it has # characters, and # are the most" => "tem # caracteres, e o máximo são #",
        "it holds a character that hides or turns others" => "há um caractere que esconde ou inverte outros",
        "it holds a character that no file name has" => "há um caractere que nenhum nome de arquivo tem",
        "it begins with white space, or ends with a dot or white space" => {
            "começa com espaço, ou termina com ponto ou espaço"
        }
        "it is the name of a device" => "é o nome de um dispositivo",
        "none of these" => "nenhum desses tipos",
        _ => return None,
    })
}
