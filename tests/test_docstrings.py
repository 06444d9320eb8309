"""Docstrings of what is public: parameters, what is returned and raised, and an example."""

import importlib
import inspect
import re

import pytest

import chainrule as cr

NAMESPACES = ("", "datasets", "plot", "labs", "losses", "activations", "initializers", "optimizers", "schedules")
MADE_BY_US = {  # classes that functions of ours return: nobody calls them, so they have attributes and no example
    *("Epoch", "Gradients", "Objective", "Run", "Step", "Trace", "Training", "Table", "Stream"),
    *("Lab", "LabResult", "SeedsResult", "TaskResult"),
    *("BackpropReport", "Mistake", "GradientReport"),
}
OF_A_LABS_AUTHOR = {"Experiment", "Script", "Setting", "ReportText", "Task"}  # examples/mylab is their example
NEVER_RAISES = {"xor_easy", "names", "LossCurveDisplay.plot"}
CALLED = ("Network", "Lab", "MLPClassifier", "MLPRegressor", "LossCurveDisplay")  # classes whose methods users call


def namespace(name):
    return importlib.import_module("chainrule") if not name else getattr(cr, name)


def public(name):
    """The functions and classes of a namespace: those it exports, or those it defines."""
    module = namespace(name)
    names = getattr(module, "__all__", None) or [one for one in vars(module) if not one.startswith("_")]
    for one in names:
        found = getattr(module, one)
        code = inspect.isfunction(found) or (inspect.isclass(found) and not issubclass(found, Exception))
        if code and (found.__module__.startswith("chainrule") if hasattr(module, "__all__") else here(found, module)):
            yield one, found


def here(found, module):
    return found.__module__ == module.__name__


def documented():
    """Everything whose docstring has sections: all that ``chainrule`` and its three packages export, and methods."""
    found = {}
    for name in NAMESPACES[:4]:
        found |= dict(public(name))
    for owner in CALLED:
        for name, method in inspect.getmembers(found[owner], callable):
            ours = str(getattr(method, "__module__", "")).startswith("chainrule") and not name.startswith("_")
            if ours and name not in getattr(found[owner], "__dataclass_fields__", {}):
                found[f"{owner}.{name}"] = method
    return found


def section(thing, title):
    """The text of a docstring's section, or an empty one."""
    found = re.search(rf"(?s)(?:^|\n){title}\n-+\n(.*?)(?=\n\n[A-Z]\w+\n-+\n|\Z)", inspect.getdoc(thing) or "")
    return found[1] if found else ""


def wanted(thing):
    """The names that a docstring has to list."""
    return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]


ALL = documented()
FUNCTIONS = sorted(name for name, thing in ALL.items() if not inspect.isclass(thing))
CLASSES = sorted(name for name, thing in ALL.items() if inspect.isclass(thing))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_lists_what_it_takes_returns_and_raises(name):
    """Every public function has all sections that apply, and every parameter stands in the first."""
    thing = ALL[name]
    listed = section(thing, "Parameters")
    missing = [one for one in wanted(thing) if not re.search(rf"\b{one}\b", listed)]
    assert missing == [] or "As for :func:`train`" in listed or "As for :meth:`run`" in listed
    assert bool(section(thing, "Returns")) == (inspect.signature(thing).return_annotation not in (None, "None"))
    assert bool(section(thing, "Raises")) != (name in NEVER_RAISES)
    assert ">>>" in section(thing, "Examples")


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_lists_its_parameters_or_attributes(name):
    """Every public class lists what it is made of; one that users make has an example."""
    thing = ALL[name]
    listed = section(thing, "Parameters") + section(thing, "Attributes")
    if name != "Training":  # made by ``epochs`` from what nobody else has
        assert [one for one in wanted(thing) if not re.search(rf"\b{one}\b", listed)] == []
    assert listed
    assert name in MADE_BY_US | OF_A_LABS_AUTHOR or ">>>" in section(thing, "Examples")


@pytest.mark.parametrize("name", NAMESPACES[4:])
def test_a_formula_has_its_shapes_and_an_example(name):
    """Every formula in the namespaces of parts, and every function that makes a part, has shapes and an example."""
    module = namespace(name)
    tables = [table for label, table in vars(module).items() if label.isupper() and isinstance(table, dict)]
    made = {member for table in tables for member in table.values() if inspect.isfunction(member)}
    made |= {
        getattr(member, part, None) for table in tables for member in table.values() for part in ("value", "forward")
    }
    functions = {one: thing for one, thing in public(name) if thing in made}
    functions |= {one: thing for one, thing in public(name) if name == "schedules" and section(thing, "Returns")}
    assert functions
    for one, thing in functions.items():
        text = inspect.getdoc(thing)
        assert ">>>" in text, one
        assert "(n_samples" in text or section(thing, "Parameters"), one
