-- What a person does in Neovim with the files of one scene; run by `test_neovim.py`.
-- The scene comes from $IAMLINT_SCENE (JSON); what was seen goes to $IAMLINT_SEEN (JSON).

local scene = vim.json.decode(table.concat(vim.fn.readfile(vim.env.IAMLINT_SCENE), "\n"))
local seen = { version = tostring(vim.version().minor) }
local PATIENCE = 30000

local function finish(problem)
  seen.problem = problem
  vim.fn.writefile({ vim.json.encode(seen) }, vim.env.IAMLINT_SEEN)
  vim.cmd("qall!")
end

-- Lines and columns as a person counts them; columns in bytes, as Neovim has them.
local function findings()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    local data = (each.user_data or {}).lsp or {}
    table.insert(found, {
      line = each.lnum + 1,
      column = each.col + 1,
      last = each.end_col,
      code = each.code or data.code,
      source = each.source,
      severity = vim.diagnostic.severity[each.severity],
      text = each.message,
    })
  end
  table.sort(found, function(a, b)
    return a.line < b.line or (a.line == b.line and a.column < b.column)
  end)
  return found
end

local function wait(what, done)
  if not vim.wait(PATIENCE, done, 20) then
    error(what .. " did not happen; findings: " .. vim.json.encode(findings()), 0)
  end
end

local function wait_for_codes(codes)
  wait(("findings `%s`"):format(table.concat(codes, " ")), function()
    local now = vim.tbl_map(function(each)
      return each.code
    end, findings())
    return vim.deep_equal(now, codes)
  end)
  return findings()
end

local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      return table.concat(lines, "\n")
    end
  end
end

local function go_to(text)
  vim.fn.cursor(1, 1)
  if vim.fn.search("\\V" .. vim.fn.escape(text, "\\"), "cW") == 0 then
    error(("`%s` is not in the buffer"):format(text), 0)
  end
end

local function type_over(old, new)
  go_to(old)
  local line = vim.fn.getline(".")
  local first, last = line:find(old, 1, true)
  vim.fn.setline(".", line:sub(1, first - 1) .. new .. line:sub(last + 1))
end

-- Picks in the list of actions the first whose title begins as said.
local function choose(title)
  vim.ui.select = function(items, _, on_choice)
    local chosen
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      table.insert(seen.offered, action.title)
      if not chosen and vim.startswith(action.title, title) then
        chosen = item
      end
    end
    on_choice(chosen)
  end
end

local function apply(fix)
  local before = vim.b.changedtick
  go_to(fix.at)
  choose(fix.title)
  vim.lsp.buf.code_action()
  wait("the fix", function()
    return vim.b.changedtick ~= before
  end)
  wait_for_codes(fix.left)
end

local function play()
  vim.cmd("edit " .. vim.fn.fnameescape(scene.file))
  seen.opened = wait_for_codes(scene.opened)

  for _, edit in ipairs(scene.edits) do
    type_over(edit[1], edit[2])
  end
  seen.changed = wait_for_codes(scene.changed)
  seen.unsaved = vim.bo.modified

  vim.cmd("write")
  seen.saved = wait_for_codes(scene.changed)

  go_to(scene.hovered)
  vim.lsp.buf.hover()
  wait("a hover", floating_text)
  seen.hover = floating_text()

  seen.offered = {}
  for _, fix in ipairs(scene.fixes) do
    apply(fix)
  end
  seen.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
  vim.cmd("write")
  seen.after = wait_for_codes({})
end

local fine, problem = pcall(play)
finish(not fine and problem or nil)
