//! From tokens to statements, by recursive descent. What it cannot read it refuses.

use crate::fault::{Fault, Result};
use crate::name::Name;
use crate::token::{Lexeme, Token, tokens};
use crate::tree::{
    Chain, Condition, Function, Index, Kind, Node, Range, Relation, Statement, Times,
};

/// What the reader of a formula knows of its names.
pub trait Names {
    /// Whether a symbol of this name exists, or a letter for its entries.
    fn known(&self, name: &str) -> bool;
    /// Whether brackets behind the name hold what it is applied to.
    fn function(&self, name: &str) -> bool;
}

/// Deeper than this no formula of a book is nested, and the stack of a thread still holds it.
const DEEPEST: usize = 40;

/// Commands that put something above a name, or set it in bold.
const ACCENTS: [&str; 6] = ["hat", "bar", "check", "acute", "dot", "mathbf"];

const FUNCTIONS: [(&str, Function); 3] = [
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("tanh", Function::Tanh),
];

/// Reads a display: one or more statements.
///
/// # Errors
///
/// A [`Fault`] at the first token that cannot be read.
pub fn display(tex: &str, names: &dyn Names) -> Result<Vec<Statement>> {
    let mut parser = Parser::new(tex, names)?;
    let statements = parser.statements()?;
    match statements.is_empty() {
        true => Err(Fault::new(0, "the display states nothing")),
        false => Ok(statements),
    }
}

/// Reads a condition and nothing else.
///
/// # Errors
///
/// A [`Fault`] at the first token that cannot be read.
pub fn chain(tex: &str, names: &dyn Names) -> Result<Chain> {
    let mut parser = Parser::new(tex, names)?;
    let chain = parser.comparison()?;
    parser.ended()?;
    Ok(chain)
}

/// Reads an expression and nothing else.
///
/// # Errors
///
/// A [`Fault`] at the first token that cannot be read.
pub fn expression(tex: &str, names: &dyn Names) -> Result<Node> {
    let mut parser = Parser::new(tex, names)?;
    let expression = parser.expression()?;
    parser.ended()?;
    Ok(expression)
}

struct Parser<'a> {
    lexemes: Vec<Lexeme>,
    next: usize,
    depth: usize,
    end: usize,
    names: &'a dyn Names,
}

impl<'a> Parser<'a> {
    fn new(tex: &str, names: &'a dyn Names) -> Result<Self> {
        Ok(Self {
            lexemes: without_tags(tokens(tex)?)?,
            next: 0,
            depth: 0,
            end: tex.len(),
            names,
        })
    }

    // What is next.

    fn peek(&self) -> Option<&Token> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Option<&Token> {
        self.lexemes.get(self.next + by).map(|lexeme| &lexeme.token)
    }

    fn at(&self) -> usize {
        self.lexemes
            .get(self.next)
            .map_or(self.end, |lexeme| lexeme.at)
    }

    fn is_sign(&self, sign: char) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    fn is_command(&self, name: &str) -> bool {
        matches!(self.peek(), Some(Token::Command(command)) if command == name)
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let taken = self.is_sign(sign);
        self.next += usize::from(taken);
        taken
    }

    fn take_command(&mut self, name: &str) -> bool {
        let taken = self.is_command(name);
        self.next += usize::from(taken);
        taken
    }

    fn expect_sign(&mut self, sign: char) -> Result<()> {
        match self.take_sign(sign) {
            true => Ok(()),
            false => Err(self.unexpected(&format!("`{sign}`"))),
        }
    }

    fn expect_command(&mut self, name: &str) -> Result<()> {
        match self.take_command(name) {
            true => Ok(()),
            false => Err(self.unexpected(&format!("`\\{name}`"))),
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(token) => format!("`{}`", seen(token)),
        };
        Fault::new(self.at(), format!("expected {expected}, found {found}"))
    }

    fn ended(&self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end")),
        }
    }

    /// Runs a part of the descent one level deeper.
    fn deeper<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        let result = match self.depth > DEEPEST {
            true => Err(self.too_deep()),
            false => part(self),
        };
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Fault {
        Fault::new(self.at(), format!("nested more than {DEEPEST} deep"))
    }

    // Statements.

    fn statements(&mut self) -> Result<Vec<Statement>> {
        let environment = self.open_rows()?;
        let mut statements: Vec<Statement> = Vec::new();
        loop {
            let spaced = self.separators();
            if self.peek().is_none() || (environment.is_some() && self.is_command("end")) {
                break;
            }
            if self.take_command("text") {
                self.braces_skipped()?;
                continue;
            }
            let at = self.at();
            if let Some(relation) = self.relation() {
                let Some(statement) = statements.last_mut() else {
                    return Err(Fault::new(at, "a relation without a member before it"));
                };
                statement.chain.relations.push(relation);
                let member = self.expression()?;
                statement.chain.members.push(member);
                self.rest_of(&mut statement.chain)?;
                continue;
            }
            let is_condition = spaced && self.is_sign('(');
            if is_condition {
                self.next += 1;
                let condition = Condition::Compare(self.comparison()?);
                self.expect_sign(')')?;
                self.attach(&mut statements, condition)?;
                continue;
            }
            let chain = self.chain()?;
            if self.take_command("in") {
                let condition = self.membership(&chain)?;
                self.attach(&mut statements, condition)?;
            } else {
                statements.push(Statement {
                    chain,
                    conditions: Vec::new(),
                });
            }
        }
        if let Some(name) = environment {
            self.expect_command("end")?;
            self.expect_word(&name)?;
            self.separators();
        }
        self.ended()?;
        Ok(statements)
    }

    fn attach(&self, statements: &mut [Statement], condition: Condition) -> Result<()> {
        match statements.last_mut() {
            Some(statement) => {
                statement.conditions.push(condition);
                Ok(())
            }
            None => Err(self.unexpected("a statement before the condition")),
        }
    }

    /// Opens `aligned` or `gathered`, where the display begins with one.
    fn open_rows(&mut self) -> Result<Option<String>> {
        if !self.is_command("begin") {
            return Ok(None);
        }
        let start = self.next;
        self.next += 1;
        let name = self.word()?;
        if name == "aligned" || name == "gathered" {
            return Ok(Some(name));
        }
        self.next = start;
        Ok(None)
    }

    /// Passes what separates statements; whether a wide space stood alone.
    fn separators(&mut self) -> bool {
        let (mut spaced, mut other) = (false, false);
        loop {
            if self.take_command("quad") {
                spaced = true;
            } else if self.take_sign(',')
                || self.take_sign('&')
                || self.take_sign('.')
                || self.take_command("\\")
            {
                other = true;
            } else {
                return spaced && !other;
            }
        }
    }

    fn chain(&mut self) -> Result<Chain> {
        let mut chain = Chain {
            members: vec![self.expression()?],
            relations: Vec::new(),
        };
        self.rest_of(&mut chain)?;
        Ok(chain)
    }

    /// A chain with a relation in it: a condition that compares nothing says nothing.
    fn comparison(&mut self) -> Result<Chain> {
        let chain = self.chain()?;
        match chain.relations.is_empty() {
            true => Err(self.unexpected("a relation")),
            false => Ok(chain),
        }
    }

    fn rest_of(&mut self, chain: &mut Chain) -> Result<()> {
        while let Some(relation) = self.relation() {
            chain.relations.push(relation);
            chain.members.push(self.expression()?);
        }
        Ok(())
    }

    /// A relation, with the `&` that may stand before it.
    fn relation(&mut self) -> Option<Relation> {
        let start = self.next;
        while self.take_sign('&') {}
        let relation = match self.peek() {
            Some(Token::Sign('=')) => Relation::Equal,
            Some(Token::Sign('<')) => Relation::Less,
            Some(Token::Sign('>')) => Relation::Greater,
            Some(Token::Command(name)) => match name.as_str() {
                "ne" => Relation::NotEqual,
                "le" => Relation::LessOrEqual,
                "ge" => Relation::GreaterOrEqual,
                "approx" => Relation::Approximately,
                _ => {
                    self.next = start;
                    return None;
                }
            },
            _ => {
                self.next = start;
                return None;
            }
        };
        self.next += 1;
        Some(relation)
    }

    /// `\{ 1, 2, 3 \}`, behind `k \in`.
    fn membership(&mut self, chain: &Chain) -> Result<Condition> {
        let at = self.at();
        let index = match chain.members.as_slice() {
            [
                Node {
                    kind: Kind::Symbol { name, indices },
                    ..
                },
            ] if indices.is_empty() => *name,
            _ => return Err(Fault::new(at, "expected one index before `\\in`")),
        };
        if !self.take_command("{") {
            self.expect_command("lbrace")?;
        }
        let mut numbers = Vec::new();
        loop {
            numbers.push(self.whole_number()?);
            if !self.take_sign(',') {
                break;
            }
        }
        if !self.take_command("}") {
            self.expect_command("rbrace")?;
        }
        Ok(Condition::In(index, numbers, at))
    }

    fn whole_number(&mut self) -> Result<usize> {
        if let Some(Token::Number(text)) = self.peek()
            && let Ok(number) = text.parse()
        {
            self.next += 1;
            return Ok(number);
        }
        Err(self.unexpected("a whole number"))
    }

    fn condition(&mut self) -> Result<Condition> {
        let mut either = Vec::new();
        loop {
            while self.take_command("text") {
                self.braces_skipped()?;
            }
            either.push(Condition::Compare(self.comparison()?));
            if !self.is_command("text") {
                break;
            }
        }
        Ok(match either.len() {
            1 => either.remove(0),
            _ => Condition::Or(either),
        })
    }

    // Expressions.

    fn expression(&mut self) -> Result<Node> {
        self.deeper(Self::sum_of_terms)
    }

    fn sum_of_terms(&mut self) -> Result<Node> {
        let at = self.at();
        let mut terms = vec![self.signed_term()?];
        loop {
            let negative = match self.peek() {
                Some(Token::Sign('+')) => false,
                Some(Token::Sign('-')) => true,
                _ => break,
            };
            self.next += 1;
            terms.push((negative, self.term()?));
        }
        match terms.as_slice() {
            [(false, _)] => Ok(terms.remove(0).1),
            [(true, only)] => {
                let negative = Kind::Negative(Box::new(only.clone()));
                Ok(Node::new(at, negative))
            }
            _ => Ok(Node::new(at, Kind::Add(terms))),
        }
    }

    fn signed_term(&mut self) -> Result<(bool, Node)> {
        let negative = self.take_sign('-');
        if !negative {
            self.take_sign('+');
        }
        Ok((negative, self.term()?))
    }

    /// Products that bind loosely, of products that bind tightly.
    fn term(&mut self) -> Result<Node> {
        let at = self.at();
        let mut factors = vec![(Times::Juxtaposed, self.product()?)];
        while let Some(Token::Command(name)) = self.peek() {
            let times = match name.as_str() {
                "odot" => Times::Entrywise,
                "otimes" => Times::Kronecker,
                "div" => Times::Divided,
                _ => break,
            };
            self.next += 1;
            factors.push((times, self.product()?));
        }
        Ok(of_factors(at, factors))
    }

    fn product(&mut self) -> Result<Node> {
        let at = self.at();
        let mut factors = vec![(Times::Juxtaposed, self.factor()?)];
        loop {
            if self.take_command("cdot") {
                factors.push((Times::Dot, self.factor()?));
            } else if self.take_sign('/') {
                let divisor = self.factor()?;
                if self.begins_factor() || self.is_sign('/') {
                    let message = "a product behind `/` can be read in two ways: write brackets";
                    return Err(Fault::new(self.at(), message));
                }
                let dividend = of_factors(at, factors);
                let quotient = Kind::Quotient(Box::new(dividend), Box::new(divisor));
                factors = vec![(Times::Juxtaposed, Node::new(at, quotient))];
            } else if self.begins_factor() {
                self.is_no_second_number(&factors)?;
                factors.push((Times::Juxtaposed, self.factor()?));
            } else {
                return Ok(of_factors(at, factors));
            }
        }
    }

    /// `1\,234` is a number on paper, and would be the product of two here.
    fn is_no_second_number(&self, factors: &[(Times, Node)]) -> Result<()> {
        let is_number = |one: &Node| matches!(one.kind, Kind::Number(_));
        let before = factors.last().is_some_and(|(_, last)| is_number(last));
        match self.peek() {
            Some(Token::Number(_)) if before => {
                let message = "two numbers side by side: write `\\cdot` between them";
                Err(Fault::new(self.at(), message))
            }
            _ => Ok(()),
        }
    }

    fn begins_factor(&self) -> bool {
        match self.peek() {
            None => false,
            Some(Token::Letter(_) | Token::Number(_)) => true,
            Some(Token::Sign(sign)) => matches!(sign, '(' | '[' | '{'),
            Some(Token::Command(name)) => !matches!(
                name.as_str(),
                "\\" | "quad"
                    | "end"
                    | "rangle"
                    | "rvert"
                    | "rVert"
                    | "rbrace"
                    | "}"
                    | "in"
                    | "ne"
                    | "le"
                    | "ge"
                    | "approx"
                    | "lesssim"
                    | "odot"
                    | "otimes"
                    | "div"
                    | "cdot"
                    | "text"
                    | "to"
            ),
        }
    }

    fn factor(&mut self) -> Result<Node> {
        let at = self.at();
        let mut node = self.deeper(Self::primary)?;
        loop {
            if self.take_command("T") {
                if matches!(node.kind, Kind::Transpose(_)) {
                    return Err(Fault::new(self.at(), "transposed twice"));
                }
                node = Node::new(at, Kind::Transpose(Box::new(node)));
            } else if self.is_sign('^') {
                if matches!(node.kind, Kind::Power(..) | Kind::Transpose(_)) {
                    return Err(Fault::new(self.at(), "a second exponent: write brackets"));
                }
                self.next += 1;
                node = self.raised(at, node)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn raised(&mut self, at: usize, base: Node) -> Result<Node> {
        let braced = self.is_sign('{');
        let inner = self.next + usize::from(braced);
        if self.lexemes.get(inner).map(|one| &one.token) == Some(&Token::Command("mathsf".into())) {
            self.next = inner + 1;
            let word = self.word()?;
            if word != "T" {
                return Err(Fault::new(at, format!("`\\mathsf{{{word}}}` is not read")));
            }
            if braced {
                self.expect_sign('}')?;
            }
            return Ok(Node::new(at, Kind::Transpose(Box::new(base))));
        }
        let power = self.argument()?;
        Ok(Node::new(at, Kind::Power(Box::new(base), Box::new(power))))
    }

    /// What stands in braces, or one token.
    fn argument(&mut self) -> Result<Node> {
        if self.take_sign('{') {
            let inner = self.expression()?;
            self.expect_sign('}')?;
            return Ok(inner);
        }
        let at = self.at();
        match self.peek() {
            // TeX takes the first digit alone.
            Some(Token::Number(text)) if text.len() > 1 => {
                Err(Fault::new(at, format!("`{text}` needs braces")))
            }
            Some(Token::Number(text)) => {
                let kind = Kind::Number(text.clone());
                self.next += 1;
                Ok(Node::new(at, kind))
            }
            Some(Token::Letter(letter)) => {
                let name = letter.to_string().into();
                self.next += 1;
                let indices = Vec::new();
                Ok(Node::new(at, Kind::Symbol { name, indices }))
            }
            _ => Err(self.unexpected("an argument")),
        }
    }

    fn primary(&mut self) -> Result<Node> {
        let at = self.at();
        match self.peek().cloned() {
            Some(Token::Number(text)) => {
                self.next += 1;
                Ok(Node::new(at, Kind::Number(text)))
            }
            Some(Token::Letter('O')) if self.ahead(1) == Some(&Token::Sign('(')) => self.order(),
            Some(Token::Letter(_)) => self.named(),
            Some(Token::Sign('{')) => {
                self.next += 1;
                let inner = self.expression()?;
                self.expect_sign('}')?;
                Ok(inner)
            }
            Some(Token::Sign('(')) => self.bracketed(')'),
            Some(Token::Sign('[')) => self.bracketed(']'),
            Some(Token::Command(name)) => self.command(&name),
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// `( … )`, or a pair.
    fn bracketed(&mut self, close: char) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let first = self.expression()?;
        let kind = if self.take_sign(',') {
            Kind::Pair(Box::new(first), Box::new(self.expression()?))
        } else {
            Kind::Group(Box::new(first))
        };
        self.expect_sign(close)?;
        Ok(Node::new(at, kind))
    }

    fn command(&mut self, name: &str) -> Result<Node> {
        let at = self.at();
        if let Some((_, function)) = FUNCTIONS.iter().find(|(one, _)| *one == name) {
            self.next += 1;
            return self.function(at, *function);
        }
        let enclosed = |function| {
            move |inner| Kind::Call {
                function,
                argument: Box::new(inner),
            }
        };
        match name {
            "frac" => self.fraction(),
            "pd" => {
                self.next += 1;
                let of = Box::new(self.braced()?);
                let by = Box::new(self.braced()?);
                Ok(Node::new(at, Kind::Derivative { of, by }))
            }
            "nabla" => {
                self.next += 1;
                self.expect_sign('_')?;
                let by = match self.is_sign('{') {
                    true => self.braced()?,
                    false => self.named()?,
                };
                let (of, by) = (Box::new(self.factor()?), Box::new(by));
                Ok(Node::new(at, Kind::Gradient { of, by }))
            }
            "sum" => self.sum(),
            "max" => self.max(),
            "sqrt" => self.root(),
            "operatorname" => {
                self.next += 1;
                match self.word()?.as_str() {
                    "log1p" => self.function(at, Function::Log1p),
                    other => Err(Fault::new(at, format!("`{other}` is no known function"))),
                }
            }
            "diag" => {
                self.next += 1;
                let argument = Box::new(self.bracketed(')')?);
                let function = Function::Diag;
                Ok(Node::new(at, Kind::Call { function, argument }))
            }
            "lvert" => self.enclosed("rvert", enclosed(Function::Abs)),
            "lVert" => self.enclosed("rVert", enclosed(Function::Norm)),
            "langle" => self.inner_product(),
            "begin" => self.environment(),
            "underbrace" => self.underbrace(),
            _ if ACCENTS.contains(&name) || self.names.known(&format!("\\{name}")) => self.named(),
            _ => Err(Fault::new(
                at,
                format!("the command `\\{name}` is not known"),
            )),
        }
    }

    fn braced(&mut self) -> Result<Node> {
        self.expect_sign('{')?;
        let inner = self.expression()?;
        self.expect_sign('}')?;
        Ok(inner)
    }

    fn enclosed(&mut self, close: &str, kind: impl FnOnce(Node) -> Kind) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let inner = self.expression()?;
        self.expect_command(close)?;
        Ok(Node::new(at, kind(inner)))
    }

    fn inner_product(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let a = Box::new(self.expression()?);
        self.expect_sign(',')?;
        let b = Box::new(self.expression()?);
        self.expect_command("rangle")?;
        Ok(Node::new(at, Kind::Inner(a, b)))
    }

    /// `\exp(…)`, `\log \frac…`, `\tanh^2 z`, `\log_2 u`.
    fn function(&mut self, at: usize, function: Function) -> Result<Node> {
        let mut function = function;
        if function == Function::Log && self.take_sign('_') {
            function = match self.whole_number()? {
                2 => Function::Log2,
                _ => return Err(Fault::new(at, "only the logarithm to base 2 is read")),
            };
        }
        let power = match self.take_sign('^') {
            true => Some(self.argument()?),
            false => None,
        };
        let argument = match self.is_sign('(') {
            true => self.bracketed(')')?,
            false => self.factor()?,
        };
        let argument = Box::new(argument);
        let call = Node::new(at, Kind::Call { function, argument });
        Ok(match power {
            Some(power) => Node::new(at, Kind::Power(Box::new(call), Box::new(power))),
            None => call,
        })
    }

    fn root(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let mut function = Function::Sqrt;
        if self.take_sign('[') {
            function = match self.whole_number()? {
                3 => Function::CubeRoot,
                _ => return Err(Fault::new(at, "only square and cube roots are read")),
            };
            self.expect_sign(']')?;
        }
        let argument = Box::new(self.braced()?);
        Ok(Node::new(at, Kind::Call { function, argument }))
    }

    /// `\frac{a}{b}`, or a derivative in its long form.
    fn fraction(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let d = Token::Letter('d');
        let is_derivative = match (self.ahead(0), self.ahead(1)) {
            (Some(Token::Sign('{')), Some(Token::Command(name))) => name == "partial",
            (Some(Token::Sign('{')), Some(first)) => {
                *first == d && self.ahead(2) != Some(&Token::Sign('}'))
            }
            _ => false,
        };
        if is_derivative {
            return self.long_derivative(at);
        }
        let (a, b) = match self.two_digits() {
            Some(parts) => parts,
            None => (self.argument()?, self.argument()?),
        };
        Ok(Node::new(at, Kind::Quotient(Box::new(a), Box::new(b))))
    }

    /// The `12` of `\tfrac12`, which is one half.
    fn two_digits(&mut self) -> Option<(Node, Node)> {
        let at = self.at();
        let Some(Token::Number(text)) = self.peek() else {
            return None;
        };
        let (a, b) = text.split_at(1);
        let digit = |at: usize, text: &str| Node::new(at, Kind::Number(text.to_owned()));
        let parts = (b.len() == 1).then(|| (digit(at, a), digit(at + 1, b)))?;
        self.next += 1;
        Some(parts)
    }

    fn long_derivative(&mut self, at: usize) -> Result<Node> {
        self.expect_sign('{')?;
        self.d()?;
        let order = match self.take_sign('^') {
            true => self.order_of_derivative()?,
            false => 1,
        };
        let operand = match self.is_sign('}') {
            true => None,
            false => Some(self.expression()?),
        };
        self.expect_sign('}')?;
        self.expect_sign('{')?;
        let mut variables = Vec::new();
        while !self.is_sign('}') {
            self.d()?;
            let variable = self.named()?;
            let times = match self.take_sign('^') {
                true => self.order_of_derivative()?,
                false => 1,
            };
            variables.extend(std::iter::repeat_n(variable, times));
        }
        self.expect_sign('}')?;
        if variables.len() != order {
            let message = format!(
                "the derivative is of order {order} above and {} below",
                variables.len()
            );
            return Err(Fault::new(at, message));
        }
        let mut of = match operand {
            Some(operand) => operand,
            None => self.product()?,
        };
        for by in variables.into_iter().rev() {
            let by = Box::new(by);
            of = Node::new(
                at,
                Kind::Derivative {
                    of: Box::new(of),
                    by,
                },
            );
        }
        Ok(of)
    }

    fn order_of_derivative(&mut self) -> Result<usize> {
        let at = self.at();
        match self.whole_number()? {
            order @ 1..=3 => Ok(order),
            0 => Err(Fault::new(at, "a derivative of order 0")),
            _ => Err(Fault::new(at, "at most the third derivative is taken")),
        }
    }

    /// The `\partial` or the `d` of a derivative.
    fn d(&mut self) -> Result<()> {
        if self.take_command("partial") {
            return Ok(());
        }
        match self.peek() {
            Some(Token::Letter('d')) => {
                self.next += 1;
                Ok(())
            }
            _ => Err(self.unexpected("`\\partial`")),
        }
    }

    fn sum(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        self.expect_sign('_')?;
        let braced = self.take_sign('{');
        let index = self.index_letter()?;
        let mut range = Range::All;
        if braced {
            if self.take_command("ne") {
                range = Range::Except(self.index()?);
            } else if self.take_sign('=') {
                if self.whole_number()? != 1 {
                    return Err(Fault::new(at, "a sum begins at 1"));
                }
                range = Range::To(Box::new(Node::new(at, Kind::Number(String::new()))));
            }
            self.expect_sign('}')?;
        }
        if let Range::To(end) = &mut range {
            self.expect_sign('^')?;
            **end = self.argument()?;
        }
        let body = Box::new(self.deeper(Self::term)?);
        Ok(Node::new(at, Kind::Sum { index, range, body }))
    }

    fn max(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        if self.take_sign('_') {
            let index = self.index_letter()?;
            let body = Box::new(self.deeper(Self::term)?);
            return Ok(Node::new(at, Kind::MaxOver { index, body }));
        }
        Ok(Node::new(at, Kind::Max(self.arguments()?)))
    }

    fn arguments(&mut self) -> Result<Vec<Node>> {
        self.expect_sign('(')?;
        let mut arguments = vec![self.expression()?];
        while self.take_sign(',') {
            arguments.push(self.expression()?);
        }
        self.expect_sign(')')?;
        Ok(arguments)
    }

    fn environment(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let name = self.word()?;
        let kind = match name.as_str() {
            "bmatrix" => self.matrix()?,
            "cases" => self.cases()?,
            _ => {
                return Err(Fault::new(
                    at,
                    format!("the environment `{name}` is not read"),
                ));
            }
        };
        self.expect_command("end")?;
        self.expect_word(&name)?;
        Ok(Node::new(at, kind))
    }

    fn matrix(&mut self) -> Result<Kind> {
        let mut rows = Vec::new();
        while !self.is_command("end") {
            let mut row = vec![self.expression()?];
            while self.take_sign('&') {
                row.push(self.expression()?);
            }
            rows.push(row);
            if !self.take_command("\\") {
                break;
            }
        }
        Ok(Kind::Matrix(rows))
    }

    fn cases(&mut self) -> Result<Kind> {
        let mut rows = Vec::new();
        while !self.is_command("end") {
            let value = self.expression()?;
            self.expect_sign('&')?;
            rows.push((value, self.condition()?));
            if !self.take_command("\\") {
                break;
            }
        }
        Ok(Kind::Cases(rows))
    }

    fn underbrace(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        let body = Box::new(self.braced()?);
        self.expect_sign('_')?;
        self.expect_sign('{')?;
        if self.take_command("text") {
            self.braces_skipped()?;
        }
        let name = Box::new(self.expression()?);
        self.expect_sign('}')?;
        Ok(Node::new(at, Kind::Named { body, name }))
    }

    fn order(&mut self) -> Result<Node> {
        let at = self.at();
        self.next += 1;
        self.expect_sign('(')?;
        let (variable, _) = self.name()?;
        let variable = variable.into();
        let power = match self.take_sign('^') {
            true => self.whole_number()?,
            false => 1,
        };
        self.expect_sign(')')?;
        let power = u32::try_from(power).unwrap_or(u32::MAX);
        Ok(Node::new(at, Kind::Order { variable, power }))
    }

    // Names.

    /// A symbol with its indices, or a function with its arguments.
    fn named(&mut self) -> Result<Node> {
        let at = self.at();
        let (mut name, primes) = self.name()?;
        let mut indices = Vec::new();
        if self.take_sign('_') {
            indices = self.indices()?;
        }
        let mut primes = primes;
        while self.take_sign('\'') {
            primes += 1;
        }
        let primed = format!("{name}{}", "'".repeat(primes));
        let fixed = format!("{primed}{}", below(&indices));
        let marked = self.mark()?;
        let with_mark = |name: &str| format!("{name}{marked}");
        if !indices.is_empty() && self.names.known(&with_mark(&fixed)) {
            (name, indices, primes) = (with_mark(&fixed), Vec::new(), 0);
        } else if self.names.known(&with_mark(&primed)) || !marked.is_empty() {
            (name, primes) = (with_mark(&primed), 0);
        }
        let applied = self.is_sign('(') && self.names.function(&name);
        if applied || (primes > 0 && self.names.function(&name)) {
            let arguments = match applied {
                true => self.deeper(Self::arguments)?,
                false => Vec::new(),
            };
            let entry = match indices.len() {
                0 | 1 => indices.pop(),
                _ => return Err(Fault::new(at, "a function has at most one index")),
            };
            return Ok(Node::new(
                at,
                Kind::Apply {
                    name: name.into(),
                    primes,
                    entry,
                    arguments,
                },
            ));
        }
        let name = format!("{name}{}", "'".repeat(primes)).into();
        Ok(Node::new(at, Kind::Symbol { name, indices }))
    }

    /// A name with its accent and the primes behind it.
    fn name(&mut self) -> Result<(String, usize)> {
        let name = self.base()?;
        let mut primes = 0;
        while self.take_sign('\'') {
            primes += 1;
        }
        Ok((name, primes))
    }

    fn base(&mut self) -> Result<String> {
        match self.peek().cloned() {
            Some(Token::Letter(letter)) => {
                self.next += 1;
                Ok(letter.to_string())
            }
            Some(Token::Command(accent)) if ACCENTS.contains(&accent.as_str()) => {
                self.next += 1;
                self.expect_sign('{')?;
                let inner = match self.peek().cloned() {
                    Some(Token::Number(one)) => {
                        self.next += 1;
                        one
                    }
                    _ => self.deeper(Self::base)?,
                };
                self.expect_sign('}')?;
                Ok(format!("\\{accent}{{{inner}}}"))
            }
            Some(Token::Command(name)) => {
                self.next += 1;
                Ok(format!("\\{name}"))
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    /// `^{+}`, `^*`, `^{(s)}`: a mark that is no power.
    fn mark(&mut self) -> Result<String> {
        if !self.is_sign('^') {
            return Ok(String::new());
        }
        if self.ahead(1) == Some(&Token::Sign('*')) {
            self.next += 2;
            return Ok("^{*}".to_owned());
        }
        if self.ahead(1) != Some(&Token::Sign('{')) {
            return Ok(String::new());
        }
        match (self.ahead(2).cloned(), self.ahead(3).cloned()) {
            (Some(Token::Sign(sign @ ('+' | '-' | '*'))), Some(Token::Sign('}'))) => {
                self.next += 4;
                Ok(format!("^{{{sign}}}"))
            }
            (Some(Token::Sign('(')), Some(inner)) => {
                let inner = seen(&inner);
                self.next += 4;
                self.expect_sign(')')?;
                self.expect_sign('}')?;
                Ok(format!("^{{({inner})}}"))
            }
            _ => Ok(String::new()),
        }
    }

    fn indices(&mut self) -> Result<Vec<Index>> {
        if !self.take_sign('{') {
            // A prime behind it belongs to the name: TeX sets it there.
            if let Some(&Token::Letter(letter)) = self.peek() {
                self.next += 1;
                return Ok(vec![Index::Letter(letter.to_string().into())]);
            }
            return Ok(vec![self.index()?]);
        }
        let mut indices = Vec::new();
        while !self.take_sign('}') {
            if let Some(Token::Number(digits)) = self.peek().cloned() {
                self.next += 1;
                for digit in digits.chars() {
                    indices.push(self.digit(digit)?);
                }
            } else if !self.take_sign(',') {
                indices.push(Index::Letter(self.index_letter()?));
            }
        }
        match indices.is_empty() {
            true => Err(self.unexpected("an index")),
            false => Ok(indices),
        }
    }

    fn index(&mut self) -> Result<Index> {
        if let Some(Token::Number(digits)) = self.peek().cloned() {
            let mut one = digits.chars();
            let index = match (one.next(), one.next()) {
                (Some(digit), None) => self.digit(digit),
                _ => Err(Fault::new(self.at(), format!("`{digits}` needs braces"))),
            };
            self.next += 1;
            return index;
        }
        Ok(Index::Letter(self.index_letter()?))
    }

    fn digit(&self, digit: char) -> Result<Index> {
        match digit.to_digit(10) {
            Some(0) | None => Err(Fault::new(self.at(), "an index counts from 1")),
            Some(digit) => Ok(Index::Digit(digit as usize)),
        }
    }

    fn index_letter(&mut self) -> Result<Name> {
        let Some(&Token::Letter(letter)) = self.peek() else {
            return Err(self.unexpected("an index"));
        };
        self.next += 1;
        let mut index = letter.to_string();
        while self.take_sign('\'') {
            index.push('\'');
        }
        Ok(index.into())
    }

    // Words in braces.

    fn word(&mut self) -> Result<String> {
        self.expect_sign('{')?;
        let mut word = String::new();
        while let Some(token @ (Token::Letter(_) | Token::Number(_))) = self.peek() {
            word.push_str(&seen(token));
            self.next += 1;
        }
        self.expect_sign('}')?;
        Ok(word)
    }

    fn expect_word(&mut self, expected: &str) -> Result<()> {
        let at = self.at();
        let word = self.word()?;
        match word == expected {
            true => Ok(()),
            false => Err(Fault::new(
                at,
                format!("expected `{expected}`, found `{word}`"),
            )),
        }
    }

    fn braces_skipped(&mut self) -> Result<()> {
        self.expect_sign('{')?;
        let mut open = 1;
        while open > 0 {
            match self.peek() {
                Some(Token::Sign('{')) => open += 1,
                Some(Token::Sign('}')) => open -= 1,
                Some(_) => {}
                None => return Err(self.unexpected("`}`")),
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// A product, unless there is one factor only.
fn of_factors(at: usize, mut factors: Vec<(Times, Node)>) -> Node {
    match factors.len() {
        1 => factors.remove(0).1,
        _ => Node::new(at, Kind::Product(factors)),
    }
}

/// What stands below a name whose index belongs to the name.
fn below(indices: &[Index]) -> String {
    let below = indices.iter().map(|index| match index {
        Index::Letter(letter) => letter.to_string(),
        Index::Digit(digit) => digit.to_string(),
    });
    format!("_{}", below.collect::<String>())
}

/// A token as it is written.
fn seen(token: &Token) -> String {
    match token {
        Token::Command(name) => format!("\\{name}"),
        Token::Letter(letter) => letter.to_string(),
        Token::Number(text) => text.clone(),
        Token::Sign(sign) => sign.to_string(),
    }
}

/// The tokens without `\tag{…}`.
fn without_tags(lexemes: Vec<Lexeme>) -> Result<Vec<Lexeme>> {
    let mut kept = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes.into_iter();
    while let Some(lexeme) = rest.next() {
        if lexeme.token != Token::Command("tag".to_owned()) {
            kept.push(lexeme);
            continue;
        }
        if !rest.any(|one| one.token == Token::Sign('}')) {
            return Err(Fault::new(lexeme.at, "expected `}` behind the tag"));
        }
    }
    Ok(kept)
}
