"""The page in Debian's Chromium: every row of what it can do; real pixels where a picture is the point."""

import base64
import contextlib
import io
import json

import numpy as np
import pytest
from tests.play.served import browser, playground

pytestmark = pytest.mark.filterwarnings("default")  # a browser's driver has its own


STANDARD = "#e30="  # the link of {}, the standard setting


@pytest.fixture(scope="module")
def served():
    with playground() as (address, _), browser() as chromium:
        yield address, chromium


@pytest.fixture(scope="module")
def one_page(served):
    """One page for all tests that need no other."""
    with opened(served) as one:
        yield one


@pytest.fixture
def page(one_page, served):
    """The page, opened anew with the standard setting, and at rest."""
    one_page.goto("about:blank")
    one_page.goto(served[0] + STANDARD)
    one_page.wait_for_selector("body[data-ready]")
    if "Pause" in one_page.inner_text("#play"):
        one_page.click("#play")
        until(one_page, "document.querySelector('#play').textContent.includes('Play')")
    return one_page


@contextlib.contextmanager
def opened(served, **context):
    """The page, ready, with the standard setting; errors of its scripts fail the test."""
    address, chromium = served
    room = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    page = room.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + STANDARD)
    page.wait_for_selector("body[data-ready]")
    page.set_default_timeout(15_000)
    yield page
    room.close()
    assert errors == []


def until(page, true):
    """Wait until a JavaScript expression is true; the page's policy lets no other way evaluate text."""
    for _ in range(300):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    raise AssertionError(true)


def setting(page, label, value, group="Data", part=""):
    within = f"[aria-label='{part}'] label" if part else "label"
    control = page.locator(f"#controls details:has(> summary:text-is('{group}')) {within}", has_text=label).first
    control = control.locator("select, input")
    if isinstance(value, bool):
        control.set_checked(value)
    elif control.evaluate("one => one.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(str(value))
        control.dispatch_event("change")
    settled(page)


def settled(page):
    """Wait until the server has answered every change."""
    until(page, "!document.body.hasAttribute('aria-busy')")


def epoch(page):
    return int(page.inner_text("#numbers").split()[1])


def loss(page):
    return float(page.inner_text("#numbers").split("loss ")[1].split()[0])


def pixels(page, selector):
    """The canvas as it is on the screen, (height, width, 3)."""
    from matplotlib.image import imread

    return imread(io.BytesIO(page.locator(selector).screenshot()))[..., :3]


def colours(page, selector):
    """The shares of bluish and of orange pixels."""
    picture = pixels(page, selector)
    return float((picture[..., 2] > picture[..., 0] + 0.2).mean()), float(
        (picture[..., 0] > picture[..., 2] + 0.2).mean()
    )


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def test_it_learns_before_ones_eyes(page):
    """Play: the picture parts into two colours, units' pictures differ, epochs count; pause holds; back goes back."""
    before = pixels(page, "#field")
    page.click("#play")
    until(page, "+document.querySelector('#numbers').textContent.split(' ')[1] > 300")
    page.click("#play")
    until(page, "document.querySelector('#play').textContent.includes('Play')")
    blue, orange = colours(page, "#field")
    assert min(blue, orange) > 0.2
    assert np.abs(pixels(page, "#field") - before).mean() > 0.05
    assert pixels(page, "#graph").std() > 0.1
    here = epoch(page)
    page.click("#back")
    until(page, f"document.querySelector('#numbers').textContent.startsWith('epoch {here - 1} ')")
    page.click("#step")
    until(page, f"document.querySelector('#numbers').textContent.startsWith('epoch {here} ')")


def test_edges_show_weights_or_gradients(page):
    """The widths of the edges change with what they show."""
    widths = "[...document.querySelectorAll('.edge')].map(one => one.style.strokeWidth).join()"
    weights = page.evaluate(widths)
    page.select_option("#edges", "gradient")
    until(page, f"{widths} !== {weights!r}")


@pytest.mark.parametrize(
    ("name", "outputs"), [("spiral", "softmax"), ("noisy_sine", "identity"), ("plane", "identity")]
)
def test_classes_and_numbers(page, name, outputs):
    """Three classes and regression choose their output, and draw."""
    setting(page, "Dataset", name)
    until(page, f"document.querySelector('#svg').textContent.includes('{outputs}')")
    page.click("#step")
    until(page, "document.querySelector('#numbers').textContent.startsWith('epoch 1 ')")
    assert pixels(page, "#field").std() > 0.02


def test_settings_of_the_engine_are_taken_or_refused(page):
    """A schedule, dropout and batches are taken; a pair that cannot be is refused in a sentence."""
    setting(page, "Optimizer", "adam", "Training")
    setting(page, "Schedule", "cosine", "Training")
    setting(page, "Batch", 16, "Training")
    setting(page, "Dropout", 0.2, "Network")
    page.click("#step")
    until(page, "document.querySelector('#numbers').textContent.startsWith('epoch 1 ')")
    setting(page, "Activation", "tanh", "Network", "Output")
    until(page, "document.querySelector('#message').textContent.includes('Cannot use loss')")


def test_a_setting_reaches_the_engine_the_script_and_the_link_or_says_why_not(page):
    """Adam's beta1 does; momentum is another's, and says so; a rule that is ticked ends the run."""
    setting(page, "Optimizer", "adam", "Training")
    setting(page, "Beta1", 0.5, "Training")
    momentum = page.locator(".why", has_text="Momentum")
    assert momentum.locator("input").is_disabled()
    assert momentum.locator("small").text_content() == "adam has none"
    page.click("summary:text-is('Stop')")
    setting(page, "Loss below", True, "Stop")
    setting(page, "Threshold", 0.6, "Stop")
    page.click("#play")
    until(page, "document.querySelector('#message').textContent.includes('is below 0.6')")
    tab(page, "Take it with you")
    with page.expect_download() as download:
        page.get_by_role("link", name="Python").click()
    script = download.value.path().read_text()
    assert ("beta1=0.5" in script, "cr.loss_below(threshold=0.6)" in script) == (True, True)
    state = json.loads(base64.urlsafe_b64decode(page.locator("#panel input").input_value().split("#")[1] + "=="))
    assert state["training"]["optimizer_settings"] == {"beta1": 0.5}


def test_a_symbol_pointed_at_lights_its_edges_and_its_numbers(page):
    """W2 in a formula: its 16 edges are lit, its numbers stand beside it in colour, and they are the network's."""
    page.wait_for_selector(".formula[data-symbol=Z2]")
    page.locator(".formula[data-symbol=Z2] msup", has_text="W").hover()
    until(page, "document.querySelectorAll('#values table.lit td').length === 16")
    assert page.locator(".edge.lit").count() == 16
    first = page.locator("#values td").first
    red, green, blue = np.median(pixels(page, "#values td >> nth=0"), axis=(0, 1))
    assert red > green + 0.05
    assert blue > green + 0.03
    shown = float(first.inner_text())
    page.locator(".node[data-layer='2'][data-unit='0']").click()
    assert float(page.get_by_label("W2[0, 0]").input_value()) == shown
    page.locator(".formula[data-symbol=dW1]").focus()  # by keyboard, a line lights what it defines
    until(page, "document.querySelector('#values caption')?.textContent === 'dW1'")


QUICKLY = """(values) => { for (const [label, value] of Object.entries(values)) {
    const labels = [...document.querySelectorAll("#controls label")];
    const one = labels.find((l) => l.textContent.trim() === label).querySelector("input");
    one.value = value;
    one.dispatchEvent(new Event("change", { bubbles: true }));
} }"""


def test_changes_in_quick_succession_undo_none_of_each_other(page):
    """Each begins with what the one before has led to, though no answer has come yet."""
    values = {"Learning rate": "0.07", "Momentum": "0.4", "L2": "0.01"}
    page.evaluate(QUICKLY, values)
    settled(page)
    assert {label: page.get_by_label(label, exact=True).input_value() for label in values} == values


def test_from_the_command_to_ones_own_points_backpropagation_in_five_clicks(page):
    """The first-time walk: draw points, set one, (it opens at it,) backward, next."""
    page.click("#draw")  # 1
    page.wait_for_selector("#point:not([hidden])")
    page.click("#field", position={"x": 100, "y": 60})  # 2
    until(page, "document.querySelector('#panel input[type=number]')?.max === '2'")
    tab(page, "Step through")  # 3
    page.get_by_role("button", name="Backward").click()  # 4
    until(page, "document.querySelector('.phase')?.textContent.startsWith('backward')")
    first = page.inner_text("#step-text")
    page.click("#next")  # 5
    until(page, f"document.querySelector('#step-text').textContent !== {first!r}")
    assert page.locator("#panel math").count() >= 1
    assert page.locator("#panel table").count() >= 2
    assert page.locator(".lit").count() >= 1
    assert page.locator("#panel input[type=number]").first.input_value() == "2"
    page.click("#previous")
    assert page.inner_text("#step-text") == first


def test_who_goes_on_before_the_answer_comes_is_not_taken_back(page):
    """The tab is opened and left for the way back in one moment; the steps that come are shown from there."""
    until(page, "document.querySelector('.phase')?.textContent.startsWith('forward')")
    page.evaluate("""() => {
        const click = (selector, text) =>
            [...document.querySelectorAll(selector)].find((one) => one.textContent === text).click();
        window.shown = 0;
        click("#tabs button", "Step through");
        const counting = new MutationObserver(() => window.shown++);
        counting.observe(document.querySelector("#panel"), {childList: true, subtree: true});
        click("#panel button", "Backward");
    }""")
    until(page, "window.shown >= 2")  # by the click, and by the answer
    assert page.text_content(".phase").startswith("backward")


def test_gradient_check_and_surface(page):
    """The checker's words, and a surface with its path in real pixels."""
    tab(page, "Gradient check")
    page.locator("#panel").get_by_role("button", name="Check").click()
    page.wait_for_selector("#panel pre:has-text('checked')")
    page.click("#step")
    page.click("#step")
    page.click("#step")
    tab(page, "Loss surface")
    page.locator("#panel").get_by_role("button", name="Draw").click()
    until(page, "document.querySelector('#surface').ariaLabel?.startsWith('Loss from')")
    assert pixels(page, "#surface").std() > 0.1


def test_a_mistake_goes_wrong_and_is_named(page):
    """With the sign turned the loss climbs, and the checker says so."""
    tab(page, "A mistake")
    before = loss(page)
    page.locator("#panel select").select_option("sign in the whole gradient")
    page.get_by_role("button", name="Train with it").click()
    page.wait_for_timeout(500)
    for _ in range(3):
        page.click("#step")
    until(page, f"parseFloat(document.querySelector('#numbers').textContent.split('loss ')[1]) > {before}")
    page.get_by_role("button", name="What does the checker say?").click()
    page.wait_for_selector("#panel pre:has-text('sign')")


def test_freeze_and_edit(page):
    """A unit is frozen and edited with the keyboard alone."""
    page.locator(".node[data-layer='1'][data-unit='0']").focus()
    page.keyboard.press("Enter")
    weight = page.locator("#unit input").first
    weight.fill("0.5")
    weight.press("Enter")
    settled(page)
    page.wait_for_timeout(400)
    page.locator(".node[data-layer='1'][data-unit='0']").focus()
    page.keyboard.press("Enter")
    assert float(page.locator("#unit input").first.input_value()) == 0.5
    page.get_by_role("button", name="Freeze it").click()
    page.wait_for_selector(".node.frozen")


def test_own_code_trains_the_picture(page):
    """Pasted code is checked in the sandbox, and markup in it is text."""
    tab(page, "Your own code")
    for layers in (1, 0):
        page.get_by_role("button", name="Remove one").click()
        until(page, f"document.querySelectorAll('[data-part^=Layer]').length === {layers}")
    from tests.play.test_own_code import GOOD

    page.locator("textarea").fill(GOOD)
    page.get_by_role("button", name="Check it and train with it").click()
    page.wait_for_selector("#panel pre", timeout=30_000)
    page.click("#step")
    until(page, "document.querySelector('#numbers').textContent.startsWith('epoch 1 ')")
    page.locator("textarea").fill("raise ValueError('<img src=x onerror=alert(1)>')")
    page.get_by_role("button", name="Check it and train with it").click()
    page.wait_for_selector("#message.bad", timeout=30_000)
    assert page.locator("img").count() == 0
    page.locator("textarea").fill("class Net: pass")
    page.get_by_role("button", name="Check it and train with it").click()
    page.wait_for_selector("#panel pre:has-text('def backprop(W1, b1, X, T):')", timeout=30_000)
    assert "def backprop" not in page.inner_text("#message")
    page.get_by_role("button", name="Back to the engine's").click()
    page.wait_for_selector("#panel pre:has-text('engine')")


def test_labs_stuck_out_and_link(page):
    """A lab with one choice; why it stuck; files; a link that brings the setting back."""
    page.click("summary:has-text('Start')")
    setting(page, "Lab", "xor", "Start")
    until(page, "document.querySelector('#svg').textContent.includes('sigmoid')")
    tab(page, "Why did it stick?")
    page.wait_for_selector("#panel li")
    tab(page, "Take it with you")
    with page.expect_download() as download:
        page.get_by_role("link", name="Python").click()
    assert "cr.epochs" in download.value.path().read_text()
    link = page.locator("#panel input").input_value()
    setting(page, "Dataset", "circles")
    until(page, "!document.querySelector('#svg').textContent.includes('sigmoid, 10')")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#controls label:has-text('Dataset') select option").first.inner_text() == "lab xor"


def test_a_table_is_dropped_in(page, tmp_path):
    """A file of one's own: two of its columns, its words named and left out."""
    path = tmp_path / "mine.csv"
    path.write_text("a,b,<b>who</b>,kind\n" + "".join(f"{k},{k % 5},w{k},{'uv'[k % 2]}\n" for k in range(20)))
    page.set_input_files("#file", str(path))
    page.wait_for_selector("#controls p:has-text('Left out: <b>who</b>')")
    setting(page, "Targets", ["kind"])
    assert page.locator("#controls select[multiple] option").count() == 6


@pytest.mark.parametrize("context", [
    {"viewport": {"width": 390, "height": 844}},
    {"color_scheme": "dark"},
    {"reduced_motion": "reduce"},
], ids=["narrow", "dark", "still"])  # fmt: skip
def test_narrow_dark_still(served, context):
    """Nothing sticks out at 390 pixels; dark is dark; every control has a name."""
    with opened(served, **context) as page:
        width = context.get("viewport", {}).get("width", 1280)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ink = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ink == "rgb(15, 19, 24)") == ("color_scheme" in context)
        heights = "[...document.querySelectorAll('#svg text')].map(one => one.getBoundingClientRect().height)"
        assert min(page.evaluate(heights)) >= 12
        nameless = """[...document.querySelectorAll('button,input,select,textarea,canvas[role],svg[role]')].filter(
            one => !(one.labels?.length || one.textContent.trim() || one.ariaLabel || one.title)).length"""
        assert page.evaluate(nameless) == 0
