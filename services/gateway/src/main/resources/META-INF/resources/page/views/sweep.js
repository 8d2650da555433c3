import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { choose, go } from '../address.js';
import { isPassing, read, readAll, send } from '../gateway.js';
import { count, duration, operations, percent, short, t } from '../language.js';
import { View } from '../view.js';

/** Asking for a sweep: what, then what it amounts to, then go. */
class NewSweep extends View {
  #enqueuing = false;

  /** What is read is taken whole, and until the plan is of these choices the button must not work. */
  shouldUpdate() {
    return true;
  }

  watches() {
    return { keys: ['tasks'] };
  }

  concerns(changed) {
    return changed.has('tasks');
  }

  async load() {
    const order = this.#order();
    const [{ runs }, { tasks }, planned] = await Promise.all([read('runs'), readAll('tasks', {}, 'tasks'), this.#estimate(order)]);
    Object.assign(this, { order, runs, tasks, ...planned });
  }

  #order() {
    const { models, tasks, steps, shots, id, standing } = this.choices;
    const list = text => (text ?? '').split(/[\s,]+/).filter(Boolean);
    return {
      sweep: id || undefined,
      models: list(models),
      tasks: list(tasks),
      steps: steps || 'all',
      // What is no number is refused by the gateway, which says why.
      shots: /^\d+$/.test(shots) ? Number(shots) : shots || undefined,
      standing: standing === 'true' || undefined,
    };
  }

  async #estimate(order) {
    if (!order.models.length || !order.tasks.length) {
      return { estimate: undefined, refused: undefined };
    }
    try {
      return { estimate: await send('sweeps/estimate', order), refused: undefined };
    } catch (error) {
      if (isPassing(error)) {
        throw error;
      }
      return { estimate: undefined, refused: error.message };
    }
  }

  /** Whether the plan is of what the fields say now, and nothing is on its way. */
  #isReady() {
    return !this.#enqueuing && JSON.stringify(this.order) === JSON.stringify(this.#order());
  }

  async #enqueue() {
    if (!this.#isReady()) {
      return;
    }
    this.#enqueuing = true;
    this.requestUpdate();
    try {
      await send('sweeps', this.order);
      go('/overview');
    } catch (error) {
      this.refused = error.message;
    }
    this.#enqueuing = false;
    this.requestUpdate();
  }

  render() {
    const { models = '', tasks = '', steps = '', shots = '', id = '', standing } = this.choices;
    const field = (name, label, value, placeholder, list) => html`<label class="field">${label}<input name=${name} .value=${value} placeholder=${placeholder} list=${list ?? ''} autocomplete="off" spellcheck="false" @change=${event => choose({ [name]: event.target.value.trim() })}></label>`;
    const tags = [...new Set((this.tasks ?? []).flatMap(task => task.tags))];
    return html`<section class="view">
      <header><h1>${t('view.sweep')}</h1><p>${t('newSweep.about')}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <div class="cards">
        <form class="card form" @submit=${event => event.preventDefault()}>
          ${field('models', t('newSweep.models'), models, 'pythia-70m*, pythia-1b', 'known-models')}
          ${field('tasks', t('newSweep.tasks'), tasks, 'lambada_openai, crows_pairs', 'known-tasks')}
          <div class="two">
            ${field('steps', t('newSweep.steps'), steps, 'all, log, every:1000, 0..512')}
            ${field('shots', t('newSweep.shots'), shots, t('newSweep.ownShots'))}
            ${field('id', t('newSweep.id'), id, t('newSweep.anyId'))}
          </div>
          <label class="check"><input type="checkbox" name="standing" .checked=${live(standing === 'true')} @change=${event => choose({ standing: event.target.checked ? 'true' : '' })}> ${t('newSweep.standing')}</label>
          <datalist id="known-models">${(this.runs ?? []).map(run => html`<option value=${run.model}>${short(run.parameters)}</option>`)}</datalist>
          <datalist id="known-tasks">${[...tags, ...(this.tasks ?? []).map(task => task.task)].map(name => html`<option value=${name}></option>`)}</datalist>
        </form>
        <section class="card" aria-labelledby="plan">
          <header><h2 id="plan">${t('plan.title')}</h2></header>
          ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : ''}
          ${this.estimate ? this.#plan(this.estimate) : this.refused ? '' : this.none(t('plan.choose'))}
        </section>
      </div>
    </section>`;
  }

  #plan({ plan, scoredUnits, operationsLeft, scorers, scorerSeconds }) {
    const left = plan.units - scoredUnits;
    return html`
      <div aria-live="polite"><dl class="big">
        <div><dt>${t('plan.units')}</dt><dd>${count(plan.units)}</dd></div>
        <div><dt>${t('plan.scored')}</dt><dd>${count(scoredUnits)} <span class="soft">${percent(plan.units ? scoredUnits / plan.units : 0)}</span></dd></div>
        <div><dt>${t('plan.time')}</dt><dd>${left === 0 ? duration(0) : scorerSeconds === null ? '–' : duration(scorerSeconds)}</dd></div>
        <div><dt>${t('plan.left')}</dt><dd>${left === 0 ? duration(0) : scorerSeconds === null || scorers === 0 ? '–' : duration(scorerSeconds / scorers)}</dd></div>
      </dl></div>
      <p class="note">${scorerSeconds === null && left > 0 ? t('plan.noSpeed') : scorers === 0 ? t('plan.noScorers') : t('plan.byScorers', { scorers })}</p>
      <dl class="facts">
        <div><dt>${t('plan.checkpoints')}</dt><dd>${count(plan.checkpoints)}</dd></div>
        <div><dt>${t('plan.documents')}</dt><dd>${count(plan.documents)}</dd></div>
        <div><dt>${t('plan.tokens')}</dt><dd>${short(plan.tokens)}</dd></div>
        <div><dt>${t('plan.operations')}</dt><dd>${operations(operationsLeft)}</dd></div>
      </dl>
      <details><summary>${t('plan.details', { models: plan.models.length, tasks: plan.tasks.length })}</summary>
        <table><thead><tr><th scope="col">${t('plan.model')}</th><th scope="col" class="number">${t('plan.checkpoints')}</th></tr></thead><tbody>${plan.models.map(it => html`<tr><td>${it.model}</td><td class="number">${count(it.checkpoints)}</td></tr>`)}</tbody></table>
        <table><thead><tr><th scope="col">${t('board.task')}</th><th scope="col" class="number">${t('plan.shots')}</th><th scope="col" class="number">${t('plan.unitsEach')}</th></tr></thead><tbody>${plan.tasks.map(it => html`<tr><td>${it.task}</td><td class="number">${it.shots}</td><td class="number">${it.units ?? '–'}</td></tr>`)}</tbody></table>
      </details>
      <p class="actions"><button type="button" class="primary" ?disabled=${!this.#isReady()} @click=${() => this.#enqueue()}>${left === 0 ? t('plan.enqueueNothing') : t('plan.enqueue', { units: count(left) })}</button></p>`;
  }
}

customElements.define('castalia-sweep', NewSweep);
