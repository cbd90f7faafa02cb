//! A notebook as Jupyter stores it, in version 4.5 of its format.

use serde_json::{Value, json};

use super::percent::{Cell, Kind};

/// What runs the code.
pub enum Kernel {
    /// Python, with NumPy.
    Python,
}

/// The notebook of some cells. The ids of its cells begin with its name.
pub fn notebook(name: &str, kernel: &Kernel, cells: &[Cell]) -> String {
    let cells: Vec<Value> = (1..).zip(cells).map(|(number, one)| cell(&format!("{name}-{number}"), one)).collect();
    let (kernel, language) = match kernel {
        Kernel::Python => (
            json!({ "name": "python3", "display_name": "Python 3", "language": "python" }),
            json!({ "name": "python", "file_extension": ".py" }),
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
    let source: Vec<&str> = cell.source.split_inclusive('\n').collect();
    let tags: &[&str] = match cell.kind {
        Kind::Comparison => &["compare"],
        Kind::Text | Kind::Code => &[],
    };
    let metadata = match tags {
        [] => json!({}),
        tags => json!({ "tags": tags }),
    };
    match cell.kind {
        Kind::Text => json!({ "cell_type": "markdown", "id": id, "metadata": metadata, "source": source }),
        Kind::Code | Kind::Comparison => json!({
            "cell_type": "code",
            "execution_count": null,
            "id": id,
            "metadata": metadata,
            "outputs": [],
            "source": source,
        }),
    }
}
