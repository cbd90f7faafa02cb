//! A notebook as Jupyter stores it, in version 4.5 of its format.

use serde_json::{Value, json};

use super::percent::{Cell, Kind};

/// What runs the code.
pub enum Kernel {
    /// Python, with NumPy.
    Python,
    /// Rust, through evcxr.
    Rust,
}

/// The notebook of some cells. The ids of its cells begin with its name.
pub fn notebook(name: &str, kernel: &Kernel, cells: &[Cell]) -> String {
    let cells: Vec<Value> = (1..)
        .zip(cells)
        .map(|(number, one)| cell(&format!("{name}-{number}"), one))
        .collect();
    let (kernel, language) = match kernel {
        Kernel::Python => (
            json!({ "name": "python3", "display_name": "Python 3", "language": "python" }),
            json!({ "name": "python", "file_extension": ".py" }),
        ),
        Kernel::Rust => (
            json!({ "name": "rust", "display_name": "Rust", "language": "rust" }),
            json!({ "name": "rust", "file_extension": ".rs" }),
        ),
    };
    let notebook = json!({
        "cells": cells,
        "metadata": { "kernelspec": kernel, "language_info": language },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}

fn cell(id: &str, cell: &Cell) -> Value {
    let lines = |text: &str| -> Value { text.split_inclusive('\n').collect() };
    let metadata = match cell.kind {
        Kind::Text | Kind::Code => json!({}),
        Kind::Folded => json!({ "jupyter": { "source_hidden": true } }),
        Kind::Comparison => json!({ "tags": ["compare"] }),
    };
    match cell.kind {
        Kind::Text => {
            json!({ "cell_type": "markdown", "id": id, "metadata": metadata, "source": lines(&cell.source) })
        }
        Kind::Code | Kind::Folded | Kind::Comparison => {
            let outputs = cell.printed.iter().map(|printed| {
                json!({ "output_type": "stream", "name": "stdout", "text": lines(printed) })
            });
            json!({
                "cell_type": "code",
                "execution_count": null,
                "id": id,
                "metadata": metadata,
                "outputs": outputs.collect::<Value>(),
                "source": lines(&cell.source),
            })
        }
    }
}
