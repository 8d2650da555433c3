import { html } from 'lit';
import { choose } from '../address.js';
import { count, t } from '../language.js';

/** From page to page of a list, as the gateway pages it; nothing where all of it fits one page. */
export const pages = ({ page = 1, pageSize = 1, total = 0 } = {}) =>
  total <= pageSize
    ? ''
    : html`<nav class="actions pages" aria-label=${t('page.pages')}>
        <button type="button" ?disabled=${page <= 1} @click=${() => choose({ page: page - 1 })}>${t('page.previous')}</button>
        <span class="note">${t('page.of', { page: count(page), pages: count(Math.ceil(total / pageSize)) })}</span>
        <button type="button" ?disabled=${page * pageSize >= total} @click=${() => choose({ page: page + 1 })}>${t('page.next')}</button>
      </nav>`;
